import type { VirtualGateway, World } from "../../src/testing/simulation/index.js";
import { supervisorOn } from "../supervisor/simulated.js";
import { Announcements } from "./announcements.js";
import { Host } from "./host.js";

/** An end without a deadline: 5 s of draining, the five graces of a closing, and the margin of the session's machine. */
const longestEndMs = 5_000 + 16_000 + 1_000;

/** A host in a simulated world, which knows from it when the end of everything began. It lives as long as its gateway. */
export class SimulatedHost extends Host {
  readonly world: World;
  readonly gateway: VirtualGateway;
  readonly announcements: Announcements;

  constructor(world: World, gateway: VirtualGateway) {
    const supervisor = supervisorOn(gateway, world.behaviours);
    super({ supervisor, clock: world.clock, longestEndMs, latenessMs: 0, sessionOptions: {} });
    this.world = world;
    this.gateway = gateway;
    this.announcements = new Announcements(supervisor, (session) => gateway.fence(session));
  }

  override shutdown(deadlineMs: number) {
    this.gateway.fence();
    return super.shutdown(deadlineMs);
  }

  /** What the world calls the connections that it ever had. */
  get startedNames(): readonly string[] {
    return this.gateway.transportFactory.created.map(({ request }) => request.connectionId);
  }

  /** The same of those whose last receipt says that somebody gave them up. */
  get givenUp(): readonly string[] {
    return this.announcements.lastReceipts
      .filter(({ outcome }) => outcome === "forgotten" || outcome === "unconfirmed")
      .map(({ id }) => this.gateway.nameOf(id));
  }

  /** The same of those that an operator was to give up, whether or not a receipt could say so. */
  get forgottenNames(): readonly string[] {
    return [...this.forgotten].map((id) => this.gateway.nameOf(id));
  }
}
