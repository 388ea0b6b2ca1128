import type { CountedProcess } from "../../processes/census.js";

/** As the kernel calls a program of node, by its file or by its first thread. */
const node: ReadonlySet<string> = new Set(["node", "MainThread"]);

/**
 * What takes orphans in: init, whatever it is called, and systemd's of a user. In a container the gateway may be the first process: its servers are
 * no orphans, and cannot be told from those that it took in.
 */
export function isAdopter({ pid, name }: Pick<CountedProcess, "pid" | "name">): boolean {
  return name === "systemd" || (pid === 1 && !node.has(name));
}
