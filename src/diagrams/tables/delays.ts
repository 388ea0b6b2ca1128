import type { MachineModel } from "../machine-model.js";
import { code, codes, msText, table } from "./markdown.js";

/** What readers should know of a delay beyond the definition. */
export type DelayNotes = Readonly<Record<string, string>>;

/** A delay that an action arms and that comes back as an event. */
export interface TimerNote {
  readonly event: string;
  readonly armedBy: string;
  readonly after: string;
  readonly bounds: string;
}

/** Every delay by name, with its default, the states it bounds, and where it leads. */
export function delaysTable({ delays, transitions }: MachineModel, notes: DelayNotes = {}): string {
  const rows = delays.map(({ name, ms }) => {
    const uses = transitions.filter(({ kind, label }) => kind === "time" && label === `after ${name}`);
    const sources = [...new Set(uses.map(({ source }) => source))];
    const targets = [...new Set(uses.flatMap((use) => use.targets))];
    return [code(name), msText(ms), codes(sources), targets.length === 0 ? "stays" : codes(targets), notes[name] ?? ""];
  });
  return table(["delay", "default", "bounds", "leads to", "what it is for"], rows);
}

/** Timers that actions arm and disarm. */
export function timersTable(timers: readonly TimerNote[]): string {
  const rows = timers.map(({ event, armedBy, after, bounds }) => [code(event), code(armedBy), after, bounds]);
  return table(["comes back as", "armed by", "after", "what it bounds"], rows);
}
