import { LifecycleError } from "../../errors/index.js";

/** The simulated world was used wrongly, or what it was asked to wait for cannot happen any more. The message is a sentence. */
export class SimulationError extends LifecycleError {
  constructor(problem: string) {
    super("SIMULATION", problem);
  }
}
