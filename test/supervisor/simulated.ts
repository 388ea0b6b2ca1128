import { parseServers } from "../../src/config/index.js";
import { noLogger } from "../../src/ports/index.js";
import type { SupervisorParts } from "../../src/supervisor/supervisor.js";
import { SessionSupervisor } from "../../src/supervisor/supervisor.js";
import {
  createWorld,
  type ServerBehaviours,
  type VirtualGateway,
  type World,
  type WorldOptions,
} from "../../src/testing/simulation/index.js";

/** The unchanged supervisor in a simulated world. */
export interface Simulated {
  readonly world: World;
  readonly supervisor: SessionSupervisor;
  /** Runs the world until `work` settles. */
  readonly run: <T>(work: Promise<T>) => Promise<T>;
}

/** Servers are named after what they do; each is a process unless its behaviour speaks of HTTP. */
export function simulate(
  behaviours: ServerBehaviours = {},
  { world: worldOptions, ...parts }: Partial<SupervisorParts> & { world?: WorldOptions } = {},
): Simulated {
  const world = createWorld({ behaviours, ...worldOptions });
  const supervisor = supervisorOn(world.gateway, behaviours, parts);
  return { world, supervisor, run: (work) => world.clock.run(work) };
}

/** The same supervisor each time, on the ports of one gateway. */
export function supervisorOn(
  { clock, transportFactory: factory }: Pick<VirtualGateway, "clock" | "transportFactory">,
  behaviours: ServerBehaviours,
  parts: Partial<SupervisorParts> = {},
): SessionSupervisor {
  const names = Object.keys(behaviours);
  return new SessionSupervisor({
    servers: parseServers(
      Object.fromEntries(
        (names.length === 0 ? ["files"] : names).map((name) => {
          const isHttp = "http" in (behaviours[name] ?? {});
          return [name, isHttp ? { url: "http://virtual.test/mcp" } : { command: "virtual" }];
        }),
      ),
    ),
    clock,
    factory,
    logger: noLogger,
    limits: {},
    traceLeases: false,
    exit: "ignore",
    ...parts,
  });
}
