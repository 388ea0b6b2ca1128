import * as fc from "fast-check";
import { createSupervisor, type ServerConfig, type Supervisor } from "../../../src/index.js";
import type { ClientContext } from "../../../src/ports/index.js";
import type { Subject } from "../../real/support/subject.js";
import type { serverNames } from "../host-commands.js";
import { patientGraces, quickGraces, restarts } from "./graces.js";
import { LifeMark } from "./life-mark.js";
import { anyServerKind, type ServerKind, type ServerKindName } from "./server-kinds.js";

/** A world to be, as plain data. Whatever is in it can be ended and reached. */
export type WorldPlan = typeof anyWorld extends fc.Arbitrary<infer Plan> ? Plan : never;

export const anyWorld = fc.record({
  servers: fc.record({ a: anyServerKind, b: anyServerKind }),
  opensSlowly: fc.boolean(),
  isPatient: fc.oneof({ weight: 19, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  restarts: fc.boolean(),
  // The same where no cgroup can be made.
  containment: fc.constantFrom("auto" as const, "group" as const),
});

type PerServer<T> = Readonly<Record<(typeof serverNames)[number], T>>;

/** A supervisor, and servers that are real. */
export interface RealWorld extends AsyncDisposable {
  readonly supervisor: Supervisor;
  readonly mark: LifeMark;
  readonly kinds: PerServer<ServerKind>;
  readonly subjects: PerServer<Subject>;
  readonly configs: PerServer<ServerConfig>;
}

export async function startWorld(
  plan: WorldPlan,
  kindOf: Readonly<Record<ServerKindName, ServerKind>>,
): Promise<RealWorld> {
  const mark = new LifeMark();
  const kinds = { a: kindOf[plan.servers.a], b: kindOf[plan.servers.b] };
  const a = await kinds.a.start({ slowly: plan.opensSlowly });
  const b = await kinds.b.start({ slowly: plan.opensSlowly });
  const configs = { a: configured(a, kinds.a, plan, mark), b: configured(b, kinds.b, plan, mark) };
  const options = { ...a.supervisorOptions, ...b.supervisorOptions, signals: false, containment: plan.containment };
  return {
    supervisor: createSupervisor({ ...options, servers: configs }),
    mark,
    kinds,
    subjects: { a, b },
    configs,
    [Symbol.asyncDispose]: async () => {
      await a[Symbol.asyncDispose]();
      await b[Symbol.asyncDispose]();
    },
  };
}

function configured({ config }: Subject, kind: ServerKind, plan: WorldPlan, mark: LifeMark): ServerConfig {
  const lifecycle = {
    ...(plan.isPatient ? patientGraces : quickGraces),
    restart: plan.restarts ? restarts : false,
    ...kind.lifecycle,
  } as const;
  if (!("command" in config)) return { ...config, lifecycle };
  const env = (context: ClientContext) => ({ ...(config.env as Record<string, string>), ...mark.env(context) });
  return { ...config, env, lifecycle };
}
