import type { Move, Weight } from "./moves.js";

/** A script, by its last step. */
export interface Script {
  readonly before: Script | undefined;
  readonly move: Move;
}

/** A quiescent moment of some life; the same for all lives that cannot be told apart any more. */
export interface Moment {
  /** How the life went that was seen here first, and is lived again to go on from here. */
  readonly seenBy: Script | undefined;
  readonly moves: ReadonlyMap<Move, Weight>;
  readonly fair: Move | undefined;
  readonly left: number;
  readonly isWell: boolean;
  readonly isClosed: boolean;
  /** Where each move leads, as far as that is known: a sentence where it breaks something. */
  readonly leadsTo: Map<Move, Moment | string>;
  /** A shortest script that leads here. */
  cameBy: Script | undefined;
  isReached: boolean;
}

/** What nobody tried here yet, the fair move first; or else what leads on to where something is left to try. */
export function nextIn(moment: Moment, known = 3): Move | undefined {
  const { moves, leadsTo } = moment;
  for (const move of moves.keys()) if (!leadsTo.has(move)) return move;
  if (known === 0) return undefined;
  for (const [move, to] of leadsTo) if (typeof to === "object" && nextIn(to, known - 1) !== undefined) return move;
  return undefined;
}

export function movesIn(script: Script | undefined): Move[] {
  const moves: Move[] = [];
  for (let at = script; at !== undefined; at = at.before) moves.push(at.move);
  return moves.toReversed();
}

/** Moments from which the fair moves that are known go round in circles, or end before the session is closed. */
export function* suspectsAmong(reached: readonly Moment[]): Generator<Moment> {
  const ends = new Set<Moment>();
  for (const start of reached) {
    const passed = new Set<Moment>();
    let at: Moment | string | undefined = start;
    while (typeof at === "object" && !at.isClosed && !ends.has(at) && !passed.has(at)) {
      passed.add(at);
      at = at.fair === undefined ? at : at.leadsTo.get(at.fair);
    }
    if (typeof at === "object" && passed.has(at)) yield start;
    for (const moment of passed) ends.add(moment);
  }
}
