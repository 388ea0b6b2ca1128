import type { CountedProcess } from "../../processes/census.js";
import { readProcFile } from "../../processes/proc-file.js";
import { guardianMark } from "../../recovery/guardian-script.js";
import type { Sight } from "./tree-view.js";

export interface Guardians {
  /** The one that watches over a gateway. */
  of(gateway: number): number | undefined;
  readonly withoutGateway: readonly CountedProcess[];
}

/** Guardians are children of their gateways until these die; every one has the mark in its command line, which only Linux shows whole. */
export function findGuardians({ census, table }: Sight): Guardians {
  const found = [...census.processes.values()].filter(
    (each) => each.name === "sh" && each.state === "running" && commandLine(each, table).includes(guardianMark),
  );
  const parents = new Map(found.map(({ pid, ppid }) => [ppid, pid]));
  return { of: (gateway) => parents.get(gateway), withoutGateway: found.filter(({ ppid }) => ppid === 1) };
}

function commandLine(entry: CountedProcess, table: Sight["table"]): string {
  if (process.platform !== "linux") return table.command(entry);
  const line = readProcFile(`/proc/${entry.pid}/cmdline`);
  return "text" in line ? line.text : "";
}
