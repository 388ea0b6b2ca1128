import type { StateValue } from "xstate";

/** A state's value as a path, as in `active.live.idle`. The machines here have no parallel states. */
export function statePath(value: StateValue): string {
  if (typeof value === "string") return value;
  return Object.entries(value)
    .map(([state, child = ""]) => `${state}.${statePath(child)}`)
    .join("");
}
