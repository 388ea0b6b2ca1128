import { systemClock } from "../../../src/ports/index.js";
import { longestEndMs } from "../../real/support/graces.js";
import { Host } from "../host.js";
import type { Command } from "./commands.js";
import { latenessMs, sessionOptions } from "./graces.js";
import type { RealWorld } from "./worlds.js";

type Awaited = Extract<Command, { do: "settle" }>["what"];

/** A host of real servers: it can wait for what it asked for. */
export class RealHost extends Host {
  readonly world: RealWorld;
  readonly #asked = new Map<Awaited, Promise<unknown>[]>();

  constructor(world: RealWorld) {
    const lifecycles = Object.values(world.configs).map(({ lifecycle = {} }) => longestEndMs(lifecycle));
    super({
      supervisor: world.supervisor,
      clock: systemClock,
      longestEndMs: Math.max(...lifecycles),
      latenessMs,
      sessionOptions,
    });
    this.world = world;
  }

  /** Every deadline that is given here leaves time to end everything. */
  override isHurried(): boolean {
    return false;
  }

  override begin(step: Command, work: Promise<unknown> | undefined, withinMs?: number): boolean {
    const what = step.do === "open" || step.do === "call" ? "openings" : "ends";
    // Calls that hang are over when their connection is, and nobody asked for that.
    if (work && step.do !== "hang") this.#asked.set(what, [...(this.#asked.get(what) ?? []), work]);
    return super.begin(step, work, withinMs);
  }

  /** Waits until all that was asked for has settled. False if nothing was. */
  async settle(what: Awaited): Promise<boolean> {
    const asked = this.#asked.get(what);
    this.#asked.delete(what);
    await Promise.allSettled(asked ?? []);
    return asked !== undefined;
  }
}
