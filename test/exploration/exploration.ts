/** What an exploration came to: everything it was to reach holds, or the shortest way found to something that does not. */
export interface Exploration {
  /** What was explored. */
  readonly what: string;
  /** Up to where: what was capped, or that nothing was. */
  readonly bound: string;
  /** Whether everything up to the bound was reached; false if time was up, or a counterexample found. */
  readonly isComplete: boolean;
  readonly states: number;
  readonly transitions: number;
  /** Lives that were begun anew to get there; 0 where a state is a value that can be kept. */
  readonly runs: number;
  readonly seconds: number;
  readonly counterexample?: Counterexample | undefined;
}

export interface Counterexample {
  /** Which invariant does not hold, and of what. */
  readonly sentence: string;
  /** The steps that lead there; the last one is the one that breaks it. */
  readonly trace: string;
}

/** One line for people. */
export function summaryOf({ what, bound, isComplete, states, transitions, runs, seconds }: Exploration): string {
  const lives = runs === 0 ? "" : `, ${runs} runs`;
  const extent = isComplete ? "all up to the bound" : "stopped before the bound";
  return `${what} (${bound}): ${states} states, ${transitions} transitions${lives}, ${extent}, ${seconds.toFixed(1)} s`;
}

/** What a test shows instead of nothing. */
export function problemOf({ what, counterexample }: Exploration): string | undefined {
  return counterexample && `${what}: ${counterexample.sentence}, by ${counterexample.trace}`;
}
