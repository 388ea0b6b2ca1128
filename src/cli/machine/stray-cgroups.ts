import { readdirSync } from "node:fs";
import { join } from "node:path";
import { openCgroup } from "../../processes/containment/cgroup.js";
import { cgroupPrefix } from "../../processes/containment/recognised-cgroup.js";
import type { FiledEntry } from "../../recovery/read-ledgers.js";
import { processView } from "./process-view.js";
import { isCookie, type Sight } from "./tree-view.js";
import type { Survey } from "./views.js";

/** Cgroups with the name of ours that no record tells of, and in which nobody carries a cookie: what is left of a tree that shed it. */
export function strayCgroups(
  bases: readonly string[],
  entries: readonly FiledEntry[],
  { census, table }: Sight,
): Survey["strayCgroups"] {
  const recorded = new Set(entries.map(({ entry }) => entry.cgroup));
  const paths = bases.flatMap(cgroupsIn).filter((path) => !recorded.has(path));
  return paths.flatMap((path) => {
    const inside = openCgroup(path)
      .pids()
      .flatMap((pid) => census.processes.get(pid) ?? []);
    if (inside.length === 0 || inside.some(({ cookies }) => cookies.some(isCookie))) return [];
    return [{ path, processes: inside.map((each) => processView(each, table)) }];
  });
}

function cgroupsIn(base: string): string[] {
  try {
    return readdirSync(base)
      .filter((name) => name.startsWith(cgroupPrefix))
      .map((name) => join(base, name));
  } catch {
    return [];
  }
}
