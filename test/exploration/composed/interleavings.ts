import { createHash } from "node:crypto";
import { messageOf } from "../../../src/errors/index.js";
import type { Counterexample, Exploration } from "../exploration.js";
import { identityOf } from "./identity.js";
import { brokenIn } from "./invariants.js";
import { Life } from "./life.js";
import { type Moment, movesIn, nextIn, type Script, suspectsAmong } from "./moments.js";
import { fairMove, make, type Move, movesOf, quiescence } from "./moves.js";
import type { Setting } from "./settings.js";

/** So long a walk goes on among what is not known yet before the next begins. */
const longestWalk = 400;

/**
 * Every interleaving of scripts of at most `k` events and faults, breadth-first, so that what it finds first has a shortest script. A
 * life cannot be copied: it is lived again. Having come somewhere new it goes on along what nobody tried yet, which is remembered.
 */
export async function exploreInterleavings(setting: Setting, secondsAtMost: number): Promise<Exploration> {
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1_000;
  const search = new Search(setting);
  const unobserved: unknown[] = [];
  const observe = (reason: unknown) => unobserved.push(reason);
  const { stackTraceLimit } = Error;
  process.on("unhandledRejection", observe);
  // Every step that is left aborts something with an error of its own, and nobody reads where it came from.
  Error.stackTraceLimit = 0;
  try {
    const counterexample = await search.run(() => seconds() > secondsAtMost, unobserved);
    return {
      what: setting.name,
      bound: `k = ${setting.k}${setting.latestOffset === undefined ? "" : `, events up to ${setting.latestOffset} microtasks after an answer`}`,
      isComplete: search.isComplete && counterexample === undefined,
      states: search.states,
      transitions: search.transitions,
      runs: search.runs,
      seconds: seconds(),
      counterexample,
    };
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    process.off("unhandledRejection", observe);
  }
}

class Search {
  runs = 0;
  transitions = 0;
  isComplete = false;
  readonly #setting: Setting;
  readonly #known = new Map<string, Moment>();
  #unobserved: unknown[] = [];

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  get states(): number {
    return this.#known.size;
  }

  async run(isTimeUp: () => boolean, unobserved: unknown[]) {
    this.#unobserved = unobserved;
    const first = this.#momentOf(await this.#begin(), { left: this.#setting.k, isWell: true }, undefined);
    first.isReached = true;
    const reached = [first];
    for (let at = 0; at < reached.length && !isTimeUp(); at += 1) {
      const from = reached[at] ?? first;
      for (const move of from.moves.keys()) {
        if (!from.leadsTo.has(move)) await this.#walk(from, move);
        const to = from.leadsTo.get(move);
        if (typeof to === "string") return await this.#shortest(to, from, move);
        if (to === undefined || to.isReached) continue;
        to.isReached = true;
        to.cameBy = { before: from.cameBy, move };
        reached.push(to);
      }
      this.isComplete = at + 1 === reached.length;
    }
    return await this.#firstUnfair(reached);
  }

  /** Lives again until `from`, makes the move, and goes on from there. */
  async #walk(from: Moment, first: Move): Promise<void> {
    const life = await this.#begin();
    for (const move of movesIn(from.seenBy)) await make(life, move);
    let last = { moment: from, move: first };
    let script = from.seenBy;
    for (let steps = 0; steps < longestWalk; steps += 1) {
      script = { before: script, move: last.move };
      const next: Moment | string = await this.#step(life, { from: last.moment, move: last.move, script });
      last.moment.leadsTo.set(last.move, next);
      const move = typeof next === "string" ? undefined : nextIn(next);
      if (typeof next === "string" || move === undefined) break;
      last = { moment: next, move };
    }
    await turn();
    const [rejection] = this.#unobserved.splice(0);
    if (rejection !== undefined)
      last.moment.leadsTo.set(last.move, `I10: on the way nobody observed the rejection ${messageOf(rejection)}`);
  }

  /** What was broken is broken by the shortest script too, unless two lives were taken for one that are not. */
  async #shortest(sentence: string, from: Moment, move: Move): Promise<Counterexample> {
    const shortest = movesIn({ before: from.cameBy, move });
    const life = await this.#begin();
    for (const each of shortest) await make(life, each);
    const isBroken = brokenIn(life, { isWell: from.isWell }) !== undefined;
    return { sentence, trace: (isBroken ? shortest : movesIn({ before: from.seenBy, move })).join(" ") };
  }

  /** I9, I14: from everywhere a fair world leads to closed. Lived, since a circle may come of lives that were taken for one. */
  async #firstUnfair(reached: readonly Moment[]): Promise<Counterexample | undefined> {
    for (const { seenBy } of suspectsAmong(reached)) {
      await turn();
      const life = await this.#begin();
      for (const move of movesIn(seenBy)) await make(life, move);
      for (let steps = 0; steps < longestWalk; steps += 1) {
        const move = fairMove(life);
        if (move === undefined) break;
        await make(life, move);
      }
      if (!life.isClosed) return { sentence: "I9: a fair world never ends it", trace: movesIn(seenBy).join(" ") };
    }
    return undefined;
  }

  async #step(life: Life, step: { from: Moment; move: Move; script: Script }): Promise<Moment | string> {
    const { from, move, script } = step;
    this.transitions += 1;
    await make(life, move);
    const { cost = 0, isFault = false } = from.moves.get(move) ?? {};
    const isWell = from.isWell && !isFault;
    return brokenIn(life, { isWell }) ?? this.#momentOf(life, { left: from.left - cost, isWell }, script);
  }

  #momentOf(life: Life, rest: Pick<Moment, "left" | "isWell">, seenBy: Script | undefined): Moment {
    const id = createHash("md5").update(identityOf(life, rest)).digest("base64");
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const moment: Moment = {
      ...rest,
      seenBy,
      moves: movesOf(life, rest.left),
      fair: fairMove(life),
      isClosed: life.isClosed,
      leadsTo: new Map(),
      cameBy: undefined,
      isReached: false,
    };
    this.#known.set(id, moment);
    return moment;
  }

  async #begin(): Promise<Life> {
    this.runs += 1;
    const life = new Life(this.#setting);
    await quiescence();
    return life;
  }
}

/** Ticks alone would starve everything else; and only between them Node says which rejections nobody observed. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
