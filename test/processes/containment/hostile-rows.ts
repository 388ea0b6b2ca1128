import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ownCgroup } from "../../../src/processes/containment/cgroup-mount.js";
import type { HostileServerName } from "../../../src/testing/hostile/index.js";
import type { HostileTree } from "../hostile-tree.js";

/** A way out of a tree, as a row of the table. */
export interface HostileRow {
  readonly what: string;
  readonly server: HostileServerName;
  /** False where it may be gone before it could answer. */
  readonly answers?: boolean;
  /** What happens after the server is up and before its end begins; nobody looks meanwhile. */
  readonly before?: (tree: HostileTree) => Promise<void>;
}

export const hostileRows: readonly HostileRow[] = [
  { what: "ignores the end of its input and SIGTERM", server: "ignores-everything" },
  { what: "has a helper in a session of its own", server: "helper-detached" },
  { what: "has a daemon that forked twice", server: "helper-double-fork" },
  { what: "has a helper without environment, in a session of its own", server: "helper-cleared-env-detached" },
  {
    what: "has a helper without environment, in a session of its own, that outlives it before anybody looked",
    server: "helper-cleared-env-detached",
    before: loseLeader,
  },
  {
    what: "its wrapper dies first",
    server: "wrapper-exits",
    answers: false,
    before: ({ exited }) => exited.then(() => undefined),
  },
  { what: "forks on, in new sessions, while it is killed", server: "forks-at-end" },
  { what: "is a gateway with a server of its own", server: "nested-gateway" },
  { what: "all helpers at once, deaf to SIGTERM", server: "helpers-all" },
  {
    what: "has a daemon, and both go to another cgroup (root's right)",
    server: "helper-double-fork",
    before: leaveCgroup,
  },
  {
    what: "has a helper without environment, in a session of its own, that goes to another cgroup and outlives it before anybody looked",
    server: "helper-cleared-env-detached",
    before: async (tree) => {
      await leaveCgroup(tree);
      await loseLeader(tree);
    },
  },
];

async function loseLeader({ ref, exited }: HostileTree): Promise<void> {
  process.kill(ref.leader.pid, "SIGKILL");
  await exited;
}

function leaveCgroup({ witness }: HostileTree): Promise<void> {
  const base = ownCgroup();
  // As a server does that may; where there are no cgroups, there is none to leave.
  if (base !== undefined)
    for (const { pid } of witness.holders()) writeFileSync(join(base, "cgroup.procs"), String(pid));
  return Promise.resolve();
}
