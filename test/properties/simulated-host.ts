import type { Simulated } from "../supervisor/simulated.js";
import { Host } from "./host.js";

/** An end without a deadline: 5 s of draining, the five graces of a closing, and the margin of the session's machine. */
const longestEndMs = 5_000 + 16_000 + 1_000;

/** A host in a simulated world, which knows from it when the end of everything began. */
export class SimulatedHost extends Host {
  readonly simulated: Simulated;

  constructor(simulated: Simulated) {
    const { supervisor, world } = simulated;
    super({ supervisor, clock: world.clock, longestEndMs, latenessMs: 0, sessionOptions: {} });
    this.simulated = simulated;
  }

  override shutdown(deadlineMs: number) {
    this.simulated.world.truth.fence();
    return super.shutdown(deadlineMs);
  }
}
