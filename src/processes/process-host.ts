import type { Clock } from "../ports/clock.js";
import type { ProcessHost, SpawnedTree, TreeLook, TreeRef, TreeSignal, TreeSpec } from "../ports/process-host.js";
import { adoptLeader } from "./adopt-leader.js";
import { createCensusQueue } from "./census-queue.js";
import type { TreeMembers } from "./find-members.js";
import { createSyncKill } from "./kill-sync.js";
import { observe } from "./observe.js";
import { platformProcessTable } from "./platform-process-table.js";
import type { ProcessEntry, ProcessTable } from "./process-table.js";
import { type Kill, signalMembers, signalPinnedGroup } from "./signal-members.js";
import { spawnLeader } from "./spawn-leader.js";
import { systemClock } from "../ports/system-clock.js";
import { createTreeRecord, reignOf, treeKey, type TreeRecord } from "./tree-record.js";

export interface ProcessHostOptions {
  /** Default: the system's. */
  readonly clock?: Clock | undefined;
  /** Default: this one. Decides how a tree is held, and the default of `table`. */
  readonly platform?: NodeJS.Platform | undefined;
  /** Default: the platform's. */
  readonly table?: ProcessTable | undefined;
  /** Default: `process.kill`. */
  readonly kill?: Kill | undefined;
}

/**
 * Starts, sees and signals process trees that are held by process group, session, cookie, descent and memory (`group`). On Windows
 * there is only descent and memory (`job`). Linux is what it is made for; other platforms are not verified.
 */
export function createProcessHost(options: ProcessHostOptions = {}): ProcessHost {
  const { platform = process.platform, clock = systemClock, kill = process.kill.bind(process) } = options;
  const table = options.table ?? platformProcessTable(platform);
  const containment = platform === "win32" ? "job" : "group";
  const records = new Map<string, TreeRecord>();
  const ask = createCensusQueue({ table, clock });
  const killNow = createSyncKill({ table, kill, records: () => records.values() });

  const enter = (record: TreeRecord): TreeRecord => {
    records.set(treeKey(record.ref), record);
    return record;
  };
  // A reference may come from a process that is gone (a ledger's record); it is then all that is known.
  const recordOf = (tree: TreeRef) => records.get(treeKey(tree)) ?? enter(createTreeRecord(tree));

  return {
    containment,
    async spawn(spec: TreeSpec): Promise<SpawnedTree> {
      const { child, identity, exited } = await spawnLeader(spec, table, platform);
      const record = enter(createTreeRecord({ containment, leader: identity, cookie: spec.cookie }, child));
      // In the turn in which it was collected, before anybody can have been given its pid.
      child.once("exit", () => (record.reign = reignOf(record, table)));
      const { ref } = record;
      return { ref, stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, exited };
    },
    async adopt(pid: number): Promise<TreeRef> {
      const record = enter(createTreeRecord({ containment, leader: adoptLeader(pid, table) }));
      // What descends from it now is remembered, for that the tie may be gone when it is looked for.
      await ask(record, () => {});
      return record.ref;
    },
    look: (tree) => ask(recordOf(tree), (members) => toLook(members, table)),
    async signal(tree: TreeRef, signal: TreeSignal) {
      const record = recordOf(tree);
      try {
        return await ask(record, (members) => signalMembers({ table, kill, record, members, signal }));
      } catch (error) {
        if (!signalPinnedGroup(kill, record, signal)) throw error;
        return { signalled: [tree.leader.pid], refused: [] };
      }
    },
    killSync: (tree) => killNow(recordOf(tree)),
    forget: (tree) => void records.delete(treeKey(tree)),
  };
}

function toLook({ proved, doubtful }: TreeMembers, table: ProcessTable): TreeLook {
  const observeAll = (members: readonly ProcessEntry[]) => members.map((member) => observe(member, table));
  return {
    survivors: observeAll(proved.filter(({ state }) => state !== "zombie")),
    unreaped: observeAll(proved.filter(({ state }) => state === "zombie")),
    doubtful: observeAll(doubtful),
  };
}
