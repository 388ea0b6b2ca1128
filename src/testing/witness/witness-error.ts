import { LifecycleError } from "../../errors/index.js";
import { describe, type SeenProcess } from "./seen-process.js";

/** How long a witness waits, in milliseconds. */
export interface Deadline {
  readonly withinMs?: number | undefined;
}

/** What a witness saw is not what the test expected; the message names each process that is left. */
export class WitnessError extends LifecycleError {
  readonly left: readonly SeenProcess[];

  constructor(message: string, left: readonly SeenProcess[] = []) {
    super("WITNESS", [message, ...left.map((seen) => `  ${describe(seen)}`)].join("\n"));
    this.left = left;
  }
}
