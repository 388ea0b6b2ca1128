import type { Cgroup } from "../processes/containment/cgroup.js";
import { recognisedCgroup } from "../processes/containment/recognised-cgroup.js";
import type { FiledEntry } from "./read-ledgers.js";
import type { TreeEntry } from "./tree-entry.js";

/** What the kernel says of a tree's cgroup. */
export interface HeldBy {
  readonly isPopulated: boolean;
  readonly pids: ReadonlySet<number>;
}

/** The cgroup of a record's tree. A record may name any: none but the one that was made for its cookie is opened. */
export function cgroupOf({ cgroup, cookie }: TreeEntry): Cgroup | undefined {
  return recognisedCgroup(cgroup, cookie);
}

/** By file. */
export function heldByCgroups(entries: readonly FiledEntry[]): ReadonlyMap<string, HeldBy> {
  const found = entries.flatMap(({ file, entry }) => {
    const cgroup = cgroupOf(entry);
    return cgroup ? [[file, { isPopulated: cgroup.isPopulated(), pids: new Set(cgroup.pids()) }] as const] : [];
  });
  return new Map(found);
}
