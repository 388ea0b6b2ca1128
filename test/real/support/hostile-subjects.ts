import type { LifecycleOptions, StdioServerConfig } from "../../../src/index.js";
import { hostileServer, type HostileServerName, hostileServers } from "../../../src/testing/hostile/index.js";
import { createWitness, type Witness } from "../../../src/testing/witness/index.js";
import { shortGraces } from "./graces.js";
import { killByIdentity } from "./kill.js";
import type { Subject, SubjectKind } from "./subject.js";
import { until } from "./until.js";

const opens: Partial<Record<HostileServerName, SubjectKind["opens"]>> = {
  "crashes-in-initialize": "never",
  "crashes-with-helper": "never",
  "never-initializes": "never",
  "wrong-version": "never",
  "floods-stdout": "briefly",
  "wrapper-exits": "briefly",
  "wrapper-killed": "briefly",
};

/** Servers that need more than the short graces to end as they want to. */
const graces: Partial<Record<HostileServerName, LifecycleOptions>> = {
  "slow-exit": { inputEndedMs: 3_000 },
  "slow-term": { terminatingMs: 8_000 },
  "never-initializes": { connectTimeoutMs: 700 },
};

/**
 * A helper that leaves its environment, its group and its session is known by descent alone, from a look that was taken while its
 * parent lived. Born and orphaned between two looks it is known to none of them, and nothing but a cgroup would hold it: so it is there
 * before the opening counts as begun, and its parent is not killed from outside.
 */
const strayed: HostileServerName = "helper-cleared-env-detached";

/** Servers whose helpers are to be there when an opening counts as begun: without a cookie they are the hardest to find. */
const withUnmarkedHelper = new Set<HostileServerName>(["helper-cleared-env", strayed]);

/** Every hostile server; the witness of each is the pipe that all its processes hold. */
export const hostileKinds: readonly SubjectKind[] = (Object.keys(hostileServers) as HostileServerName[]).map(
  (name) => ({
    name: `the hostile server "${name}"`,
    opens: opens[name] ?? "for good",
    call: { tool: "hang", args: {} },
    losableLeader: name !== strayed,
    start: ({ stalls }) => startHostileSubject(name, { flags: stalls ? ["--list-delay=60000"] : [] }),
  }),
);

/** One hostile server under a witness. */
export interface HostileSubject extends Subject {
  readonly witness: Witness;
  readonly config: StdioServerConfig;
}

export async function startHostileSubject(
  name: HostileServerName,
  { flags = [] }: { flags?: readonly string[] } = {},
): Promise<HostileSubject> {
  const witness = await createWitness();
  return {
    witness,
    config: { ...hostileServer(name, { witness, flags }), lifecycle: { ...shortGraces, ...graces[name] } },
    begun: async () => {
      await witness.held({ withinMs: 30_000 });
      const hasHelper = () => witness.holders().length > 1;
      if (withUnmarkedHelper.has(name)) await until(hasHelper, `"${name}" did not start its helper`, 30_000);
    },
    remember: () => undefined,
    touched: () =>
      witness.held({ withinMs: 0 }).then(
        () => true,
        () => false,
      ),
    nothingLeft: () => witness.gone(),
    [Symbol.asyncDispose]: async () => {
      // To see who holds it means to look at every descriptor of every process; nearly always nobody does. Who was seen may have started somebody
      // meanwhile, and a killed one takes a moment to let go.
      const isFree = () => {
        if (!witness.isHeld) return true;
        for (const seen of witness.holders()) killByIdentity(seen);
        return false;
      };
      await until(isFree, `there are always more of "${name}"`);
      await witness.dispose();
    },
  };
}
