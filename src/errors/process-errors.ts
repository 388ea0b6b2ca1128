import { type ErrorPlace, LifecycleError } from "./lifecycle-error.js";

/** A program could not be started: it does not exist, is not executable, its working directory does not exist, or it cannot be contained. */
export class SpawnError extends LifecycleError {
  /** `command`, `cwd`, `env`, `containment`, or `pid` of what was to be adopted. */
  readonly field: string;

  constructor(field: string, problem: string, place?: ErrorPlace) {
    super("SPAWN_FAILED", `${field}: ${problem}`, place);
    this.field = field;
  }
}

/** What the server wrote is not the protocol: a line that never ends, or one that is not a JSON-RPC message. */
export class ServerOutputError extends LifecycleError {
  constructor(problem: string, place?: ErrorPlace) {
    super("SERVER_OUTPUT", problem, place);
  }
}
