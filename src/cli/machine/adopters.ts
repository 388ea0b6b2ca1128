import type { CountedProcess } from "../../processes/census.js";

/** What takes orphans in: init, whatever it is called, and systemd's of a user. */
export function isAdopter({ pid, name }: Pick<CountedProcess, "pid" | "name">): boolean {
  return pid === 1 || name === "systemd";
}
