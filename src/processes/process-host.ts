import type { Clock } from "../ports/clock.js";
import type { ProcessHost, SpawnedTree, TreeLook, TreeRef, TreeSignal, TreeSpec } from "../ports/process-host.js";
import { adoptLeader } from "./adopt-leader.js";
import { createCensusQueue } from "./census-queue.js";
import { chooseContainment } from "./containment/choose-containment.js";
import type { ContainmentChoice } from "./containment/containment.js";
import type { TreeMembers } from "./find-members.js";
import { createSyncKill } from "./kill-sync.js";
import { lookInside } from "./look-inside.js";
import { observe } from "./observe.js";
import { platformProcessTable } from "./platform-process-table.js";
import type { ProcessEntry, ProcessTable } from "./process-table.js";
import { type Kill, killMembers, signalMembers, signalPinnedGroup } from "./signal-members.js";
import { type BornTree, spawnContained } from "./spawn-contained.js";
import { systemClock } from "../ports/system-clock.js";
import { createTreeRecord, reignOf, treeKey, type TreeRecord } from "./tree-record.js";

/** While a cgroup says that its tree lives, who left it is looked for no more often than that. */
const censusAgeMs = 1_000;

/** What a process host is made of; everything has a default but what says otherwise. */
export interface ProcessHostOptions {
  /** Default: the system's. */
  readonly clock?: Clock | undefined;
  /** How trees are held. Default `auto`: by a cgroup where one can be made, else by group. */
  readonly containment?: ContainmentChoice | undefined;
  /** Default: this one. Decides how a tree is held, and the default of `table`. */
  readonly platform?: NodeJS.Platform | undefined;
  /** Default: the platform's. */
  readonly table?: ProcessTable | undefined;
  /** Default: `process.kill`. */
  readonly kill?: Kill | undefined;
}

/**
 * Starts, sees and signals process trees, by process group, session, cookie, descent and memory (`group`), and beside that by a cgroup
 * or a pid namespace of the tree. On Windows there is only descent and memory (`job`). Linux is what it is made for; other platforms are not
 * verified. Throws `ConfigError` where `containment` names what cannot be had.
 */
export function createProcessHost(options: ProcessHostOptions = {}): ProcessHost {
  const { platform = process.platform, clock = systemClock, kill = process.kill.bind(process) } = options;
  const table = options.table ?? platformProcessTable(platform);
  const ladder = chooseContainment({ choice: options.containment ?? "auto", platform });
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
    containment: ladder[0].level,
    placeOf: (cookie) => ladder[0].placeOf(cookie),
    announce: (cookie) => ladder[0].announce(cookie),
    async spawn(spec: TreeSpec, onBorn = () => undefined): Promise<SpawnedTree> {
      const remember = (born: BornTree) => {
        const { ref } = born;
        const record = enter(createTreeRecord(ref, born));
        // In the turn in which it was collected, before anybody can have been given its pid.
        born.child.once("exit", () => (record.reign = reignOf(record, table)));
        onBorn(ref);
      };
      try {
        const { ref, child, exited } = await spawnContained(ladder, { spec, table, platform, onBorn: remember });
        return { ref, stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, exited };
      } catch (error) {
        records.delete(treeKey(spec));
        throw error;
      }
    },
    async adopt(pid: number): Promise<TreeRef> {
      const containment = platform === "win32" ? "job" : "group";
      const record = enter(createTreeRecord({ containment, leader: adoptLeader(pid, table) }));
      // What descends from it now is remembered, for that the tie may be gone when it is looked for.
      await ask(record, () => {});
      return record.ref;
    },
    async look(tree) {
      const record = recordOf(tree);
      const isKnown = clock.now() - record.countedAt < censusAgeMs;
      const inside = isKnown ? lookInside(record, table) : undefined;
      return inside ?? (await ask(record, (members) => toLook(members, table)));
    },
    async signal(tree: TreeRef, signal: TreeSignal) {
      const record = recordOf(tree);
      const send = (members: TreeMembers) =>
        signal === "SIGKILL"
          ? killMembers({ table, kill, record, members })
          : signalMembers({ table, kill, record, members, signal });
      try {
        return await ask(record, send);
      } catch (error) {
        const inside = signal === "SIGKILL" ? (record.cgroup?.kill(kill) ?? []) : [];
        if (inside.length > 0) return { signalled: inside, refused: [] };
        if (!signalPinnedGroup(kill, record, signal)) throw error;
        return { signalled: [tree.leader.pid], refused: [] };
      }
    },
    killSync: (tree) => killNow(recordOf(tree)),
    forget: (tree) => {
      const key = treeKey(tree);
      // An empty directory would be all that is left of it.
      records.get(key)?.cgroup?.remove();
      records.delete(key);
    },
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
