import { randomBytes } from "node:crypto";
import { type PidWatch, watchPids, WitnessError } from "../../../src/testing/witness/index.js";
import {
  seeAllProcesses,
  seeEnvironment,
  seeProcess,
  type SeenProcess,
} from "../../../src/testing/witness/seen-process.js";
import { killByIdentity } from "./kill.js";
import { until } from "./until.js";

/**
 * Evidence for real servers, which hold no pipe of ours: a variable of the test in the environment of every process, and pids with
 * their start times, taken before the end.
 */
export interface MarkedProcesses {
  readonly env: Readonly<Record<string, string>>;
  begun(pid: () => number | undefined): Promise<void>;
  remember(pid: number | undefined): void;
  /** Whether any was there when one was remembered. */
  readonly wasSeen: boolean;
  /** Everything of the mark, or remembered, that is alive now. */
  alive(): SeenProcess[];
  nothingLeft(): Promise<void>;
  killRest(): void;
}

export function markedProcesses(): MarkedProcesses {
  const name = `REAL_TEST_${randomBytes(8).toString("hex")}`;
  const run = process.env["MCP_LIFECYCLE_TEST_RUN"];
  const watches: PidWatch[] = [];
  let wasSeen = false;

  const alive = () => {
    const remembered = watches.flatMap((watch) => watch.alive());
    const marked = processesWith(`${name}=1`);
    return [...new Map([...remembered, ...marked].map((seen) => [seen.pid, seen])).values()];
  };
  return {
    env: { [name]: "1", ...(run !== undefined && { MCP_LIFECYCLE_TEST_RUN: run }) },
    begun: async (pid) => {
      const isThere = () => seeProcess(pid() ?? 0) !== undefined;
      await until(isThere, "the server was not started", 30_000);
    },
    remember: (pid) => {
      wasSeen ||= processesWith(`${name}=1`).length > 0;
      if (seeProcess(pid ?? 0) !== undefined) watches.push(watchPids(pid ?? 0));
    },
    get wasSeen() {
      return wasSeen;
    },
    alive,
    nothingLeft: async () => {
      if (!wasSeen) throw new WitnessError("nothing ever carried the mark; that nothing carries it now proves nothing");
      const left = alive();
      if (left.length > 0) throw new WitnessError(`${left.length} processes are left:`, left);
    },
    killRest: () => {
      for (const seen of alive()) killByIdentity(seen);
    },
  };
}

/** Every process with that variable in its environment. */
export function processesWith(variable: string): SeenProcess[] {
  return seeAllProcesses().filter(({ pid }) => pid !== process.pid && seeEnvironment(pid).includes(variable));
}
