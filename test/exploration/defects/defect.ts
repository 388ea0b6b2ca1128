import type { TestSelection } from "./run-tests.js";

/** One edit of a source. */
export interface Edit {
  /** Path from the root of the project. */
  readonly file: string;
  /** The exact text; it must be there exactly once, so that a refactoring keeps the defects honest. */
  readonly find: string;
  readonly replace: string;
}

/** A deliberate defect. That it is caught shows that the tests can fail. */
export interface Defect extends Edit {
  readonly id: string;
  /** What the library does with it. */
  readonly what: string;
  /** The cheapest tests that are known to catch it. */
  readonly caughtBy: TestSelection;
}

/** A deliberate defect of a check: with it, the check does not catch `blindTo` any more, which it catches without. */
export interface BlindCheck extends Edit {
  readonly id: string;
  readonly what: string;
  /** Id of a defect. */
  readonly blindTo: string;
}
