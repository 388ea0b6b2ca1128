import { markServers, requireNothingLeft } from "./leftovers.js";
import { rowTable } from "./table.js";

/**
 * What a bench file consists of. `measure` gives rows: what was measured, what it was compared with, the target, the result, and whether
 * that meets the target. They go to the process that started this one, or are printed where there is none.
 */
export async function bench(measure) {
  markServers();
  const rows = await measure();
  await requireNothingLeft();
  if (process.send === undefined) process.stdout.write(`${rowTable(rows)}\n`);
  else process.send(rows);
}

/** A result that is a factor: `times` the other one. Without `atMost` it explains another one, and has no target. */
export function factorRow({ times, atMost, ...row }) {
  const measured = `${times.toFixed(2)} ×`;
  return atMost === undefined
    ? { ...row, target: "none", measured }
    : { ...row, target: `at most ${atMost} ×`, measured, met: times <= atMost };
}

/** A result that is a difference in `unit`s. */
export function differenceRow({ beyond, atMost, unit, ...row }) {
  const measured = `${beyond < 0 ? "−" : "+"} ${Math.abs(beyond).toFixed(1)} ${unit}`;
  return { ...row, target: `at most + ${atMost} ${unit}`, measured, met: beyond <= atMost };
}
