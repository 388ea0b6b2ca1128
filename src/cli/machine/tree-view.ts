import type { Census, CountedProcess } from "../../processes/census.js";
import type { ProcessTable } from "../../processes/index.js";
import { heldByCgroups } from "../../recovery/held-by.js";
import { membersOf } from "../../recovery/plan.js";
import type { FiledEntry } from "../../recovery/read-ledgers.js";
import type { TreeEntry } from "../../recovery/tree-entry.js";
import { longest, processView, sumOf } from "./process-view.js";
import type { TreeView } from "./views.js";

export interface Sight {
  readonly census: Census;
  readonly table: ProcessTable;
  readonly self: number;
}

/** A tree of the ledger, as it is now. */
export function recordedTree(filed: FiledEntry, { census, table, self }: Sight): TreeView {
  const { file, entry } = filed;
  const held = heldByCgroups([filed]).get(file);
  const { proved, doubtful } = membersOf(entry, { census, self, held });
  const { cookie, server, session, connectionId: connection, containment, cgroup } = entry;
  const about = { cookie, server, session, connection, containment, cgroup, file };
  const view = treeOf(about, proved, table);
  return { ...view, state: stateOf(view, entry), doubtful: doubtful.map((each) => processView(each, table)) };
}

function stateOf({ state }: TreeView, { leader, isLeaked }: TreeEntry): TreeView["state"] {
  if (state === "empty" && leader === undefined) return "starting";
  return state === "running" && isLeaked === true ? "leaked" : state;
}

/** A tree that is known by its cookie alone. */
export function markedTree(cookie: string, members: readonly CountedProcess[], table: ProcessTable): TreeView {
  return treeOf({ cookie }, members, table);
}

/** Not a variable of ours that is none, `MCP_LIFECYCLE_ENDED` say. */
export function isCookie(name: string): boolean {
  return /^MCP_LIFECYCLE_[0-9a-f]{32}$/.test(name);
}

function treeOf(
  about: Pick<TreeView, "cookie"> & Partial<TreeView>,
  members: readonly CountedProcess[],
  table: ProcessTable,
): TreeView {
  const views = (which: readonly CountedProcess[]) => which.map((each) => processView(each, table));
  const processes = views(members.filter(({ state }) => state !== "zombie"));
  return {
    ...about,
    state: processes.length === 0 ? "empty" : "running",
    ageMs: longest(processes.map(({ ageMs }) => ageMs)),
    memoryBytes: sumOf(processes.map(({ memoryBytes }) => memoryBytes)),
    processes,
    unreaped: views(members.filter(({ state }) => state === "zombie")),
    doubtful: [],
  };
}
