import { messageOf } from "../errors/index.js";
import type { Logger } from "../ports/index.js";

/**
 * Runs a callback that belongs to somebody else. Whatever it throws or rejects with is logged: theirs is not our error (LP-51), and
 * must not keep ours from going on.
 */
export function contain(logger: Logger, what: string, callback: () => unknown): void {
  const report = (thrown: unknown) => logger.warn({ err: thrown }, `${what} failed: ${messageOf(thrown)}`);
  try {
    const result = callback();
    if (result instanceof Promise) result.catch(report);
  } catch (thrown) {
    report(thrown);
  }
}
