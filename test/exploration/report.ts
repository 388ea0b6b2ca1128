import { recordFacts } from "../proof/record-facts.js";
import { type Exploration, problemOf, summaryOf } from "./exploration.js";

/** Says and writes down how far it came; gives what a test shows instead of nothing. */
export function report(explored: Exploration): string | undefined {
  console.info(summaryOf(explored));
  const problem = problemOf(explored);
  // What stopped at a counterexample measured nothing.
  if (problem === undefined) recordFacts(`exploration of ${explored.what}`, explored);
  return problem;
}
