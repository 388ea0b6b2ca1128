import * as z from "zod";
import { problemsOf, throwProblems } from "./problem.js";

const range = "must be milliseconds, at least 0 and below 2^31 (24.8 days)";

/** A delay in milliseconds. From 2^31 on, Node fires a timer after 1 ms instead. */
export const durationMs = z
  .number()
  .min(0, range)
  .lt(2 ** 31, range);

/** A whole number of at least `least`. */
export function count(least: number) {
  const rule = `must be a whole number, at least ${least}`;
  return z.number().int(rule).min(least, rule);
}

/** Checks a delay in milliseconds: a number, at least 0 and below 2^31. Throws `ConfigError` that names `field`. */
export function parseDuration(field: string, value: unknown): number {
  const result = durationMs.safeParse(value);
  throwProblems(problemsOf(result.error?.issues ?? [], [field]));
  return value as number;
}
