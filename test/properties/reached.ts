import { type EndReason, endReasons } from "../../src/machines/index.js";
import { SimulationError } from "../../src/testing/simulation/index.js";
import type { Command } from "./commands.js";
import { commandNames } from "./obey.js";

/** What the lives of a test run reached: properties that hold because nothing happens prove nothing. */
export class Reached {
  readonly #commands = new Map<Command["do"], number>();
  readonly #reasons = new Map<EndReason, number>();

  /** A command that had something to do it to. */
  command(name: Command["do"]): void {
    count(this.#commands, name);
  }

  /** A session that ended so. */
  reason(reason: EndReason): void {
    count(this.#reasons, reason);
  }

  /** Two lines with the share of each command and of each terminal state. */
  toString(): string {
    return [
      `commands carried out: ${shares(this.#commands, commandNames)}`,
      `terminal states: ${shares(this.#reasons, endReasons)}`,
    ].join("\n");
  }

  /** Throws the names of what was never reached. */
  assertEverything(): void {
    const missed = [
      ...commandNames.filter((name) => !this.#commands.has(name)),
      ...endReasons.filter((reason) => !this.#reasons.has(reason)),
    ];
    if (missed.length > 0) throw new SimulationError(`never reached: ${missed.join(", ")}`);
  }
}

function count<Name>(counts: Map<Name, number>, name: Name): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function shares<Name extends string>(counts: ReadonlyMap<Name, number>, names: readonly Name[]): string {
  const total = [...counts.values()].reduce((sum, each) => sum + each, 0);
  const share = (name: Name) => ((100 * (counts.get(name) ?? 0)) / Math.max(1, total)).toFixed(1);
  return `${total} (${names.map((name) => `${name} ${share(name)} %`).join(", ")})`;
}
