import { type RuntimeRequest } from "../../../src/openclaw/interface.js";
import { LifecycleManager } from "../../../src/openclaw/manager.js";
import type { ManagerOptions } from "../../../src/openclaw/manager-options.js";
import { readServers } from "../../../src/openclaw/read-servers.js";
import type { Limits } from "../../../src/supervisor/admission.js";
import type { ServerBehaviours } from "../../../src/testing/simulation/index.js";
import { type Simulated, simulate } from "../../supervisor/simulated.js";

export interface Managed extends Simulated {
  readonly manager: LifecycleManager;
  /** What OpenClaw asks with for a run of that session; its servers are those of the behaviours. */
  readonly request: (sessionId: string, more?: Partial<RuntimeRequest>) => RuntimeRequest;
}

/** OpenClaw's manager on the unchanged supervisor in a simulated world. */
export function managed(
  behaviours: ServerBehaviours = { files: {} },
  { limits = {}, ...options }: Partial<ManagerOptions> & { limits?: Limits } = {},
): Managed {
  const simulated = simulate(behaviours, { limits });
  const { supervisor, world } = simulated;
  const read: ReturnType<typeof coreRead> = coreRead();
  const manager = new LifecycleManager({
    core: () => ({ supervisor, read }),
    clock: world.clock,
    now: () => world.clock.now(),
    ...options,
  });
  const request = (sessionId: string, more: Partial<RuntimeRequest> = {}): RuntimeRequest => ({
    sessionId,
    sessionKey: `agent:main:${sessionId}`,
    workspaceDir: "/workspace",
    cfg: configOf(Object.keys(behaviours)),
    ...more,
  });
  return { ...simulated, manager, request };
}

/** OpenClaw's configuration with servers of the simulated world. */
export function configOf(names: readonly string[], more: Readonly<Record<string, object>> = {}) {
  const servers = Object.fromEntries(names.map((name) => [name, { command: "virtual", ...more[name] }]));
  return { mcp: { servers } };
}

function coreRead() {
  return (request: RuntimeRequest, dialect: "getOrCreate" | "acquire") =>
    readServers(request, { dialect, lifecycle: {} });
}
