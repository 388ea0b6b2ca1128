import type { CountedProcess } from "../../processes/census.js";
import type { ProcessTable } from "../../processes/index.js";
import { readProcFile } from "../../processes/proc-file.js";
import { guardianMark } from "../../recovery/guardian-script.js";
import type { ProcessIdentity } from "../../ports/index.js";
import type { Sight } from "./tree-view.js";

export interface Guardians {
  /** The one that watches over a gateway that lives. */
  of(gateway: number): number | undefined;
  /** The one that is at work for a gateway that is dead. */
  ofDead(gateway: number): number | undefined;
  readonly withoutGateway: readonly CountedProcess[];
}

interface Guardian {
  readonly process: CountedProcess;
  readonly gateway: ProcessIdentity;
}

/** A shell with the mark while it waits, and the reaper once its gateway is gone; both are told whom they watch over. */
export function findGuardians({ census, table }: Sight): Guardians {
  const all = [...census.processes.values()].flatMap((process): Guardian[] => {
    const gateway = process.state === "running" ? gatewayOf(wordsOf(process, table)) : undefined;
    return gateway === undefined ? [] : [{ process, gateway }];
  });
  // What counts for a watchdog is a copy of the guardian, and its child.
  const pids = new Set(all.map(({ process }) => process.pid));
  const found = all.filter(({ process }) => !pids.has(process.ppid));
  // Its parent, until that dies. By pid it cannot be told: a gateway of a container has another one there than here, and may be the first there.
  const isWithGateway = ({ process, gateway }: Guardian) =>
    census.processes.get(process.ppid)?.startTime === gateway.startTime;
  const [watching, late] = [found.filter(isWithGateway), found.filter((each) => !isWithGateway(each))];
  return {
    of: (pid) => watching.find(({ process }) => process.ppid === pid)?.process.pid,
    ofDead: (pid) => late.find(({ gateway }) => gateway.pid === pid)?.process.pid,
    withoutGateway: late.map(({ process }) => process),
  };
}

function gatewayOf(words: readonly string[]): ProcessIdentity | undefined {
  const program = words.findIndex((word) => word.endsWith("/guardian-main.js"));
  if (program === -1) return undefined;
  const isWaiting = words.some((word) => word.startsWith(`: ${guardianMark};`));
  const isAtWork = words[program + 1] === "reap";
  if (!isWaiting && !isAtWork) return undefined;
  const [pid, startTime] = words.slice(program + (isWaiting ? 1 : 2));
  return startTime === undefined ? undefined : { pid: Number(pid), startTime };
}

/** Only Linux shows a command line whole. */
function wordsOf(entry: CountedProcess, table: ProcessTable): readonly string[] {
  if (process.platform !== "linux") return table.command(entry).split(" ");
  const line = readProcFile(`/proc/${entry.pid}/cmdline`);
  return "text" in line ? line.text.split("\0") : [];
}
