import { type EndReason, endReasons } from "../../src/machines/index.js";
import { SimulationError } from "../../src/testing/simulation/index.js";

/** What the lives of a test run reached: properties that hold because nothing happens prove nothing. */
export class Reached<Name extends string, Moment extends string = never> {
  readonly #names: readonly Name[];
  readonly #moments: Readonly<Record<Moment, number>>;
  readonly #lived = new Map<Moment, number>();
  readonly #commands = new Map<Name, number>();
  readonly #reasons = new Map<EndReason, number>();

  /**
   * @param names of every command there is.
   * @param moments that lives are to come to, with the least part, from 0 to 1, that do.
   */
  constructor(names: readonly Name[], moments = {} as Readonly<Record<Moment, number>>) {
    this.#names = names;
    this.#moments = moments;
  }

  /** A command that had something to do it to. */
  command(name: Name): void {
    count(this.#commands, name);
  }

  /** A session that ended so. */
  reason(reason: EndReason): void {
    count(this.#reasons, reason);
  }

  /** Something that matters happened in a life, once or more often. */
  moment(moment: Moment): void {
    count(this.#lived, moment);
  }

  /** A line with the share of each command, one with that of each terminal state, and one with how many lives came to each moment. */
  toString(): string {
    return [
      `commands carried out: ${shares(this.#commands, this.#names)}`,
      `terminal states: ${shares(this.#reasons, endReasons)}`,
      ...(this.#momentNames.length > 0 ? [`lives in which a gateway ${this.#momentsInWords()}`] : []),
    ].join("\n");
  }

  get #momentNames(): readonly Moment[] {
    return Object.keys(this.#moments) as Moment[];
  }

  #livesTo(moment: Moment): number {
    return this.#lived.get(moment) ?? 0;
  }

  #momentsInWords(): string {
    return this.#momentNames.map((moment) => `${moment}: ${this.#livesTo(moment)}`).join(", ");
  }

  /** Throws the names of what was never reached, or in less than that part of all. */
  assertEverything(floors: Floors = { commands: 0, reasons: 0 }): void {
    const missed: string[] = [
      ...this.#momentNames.filter(
        (each) => this.#livesTo(each) < Math.floor(this.#moments[each] * (floors.lives ?? 0)),
      ),
      ...this.#names.filter((name) => isBelow(this.#commands, name, floors.commands)),
      ...endReasons.filter((reason) => isBelow(this.#reasons, reason, floors.reasons)),
    ];
    if (missed.length > 0) throw new SimulationError(`never reached, or not often enough: ${missed.join(", ")}`);
  }
}

/** The least part, from 0 to 1, that each command has in all commands, and each terminal state in all ends. */
export interface Floors {
  readonly commands: number;
  readonly reasons: number;
  /** How many there were; of these, each moment has its part. */
  readonly lives?: number;
}

function isBelow<Name>(counts: ReadonlyMap<Name, number>, name: Name, floor: number): boolean {
  return !counts.has(name) || shareOf(counts, name) < floor;
}

function count<Name>(counts: Map<Name, number>, name: Name): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function shares<Name extends string>(counts: ReadonlyMap<Name, number>, names: readonly Name[]): string {
  const percent = (name: Name) => (100 * shareOf(counts, name)).toFixed(1);
  return `${totalOf(counts)} (${names.map((name) => `${name} ${percent(name)} %`).join(", ")})`;
}

function shareOf<Name>(counts: ReadonlyMap<Name, number>, name: Name): number {
  return (counts.get(name) ?? 0) / Math.max(1, totalOf(counts));
}

function totalOf(counts: ReadonlyMap<unknown, number>): number {
  return [...counts.values()].reduce((sum, each) => sum + each, 0);
}
