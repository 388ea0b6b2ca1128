import { parseServers } from "../../../src/config/index.js";
import type { ServerConfig } from "../../../src/index.js";
import { noLogger, systemClock, type TransportFactory, type TransportHandle } from "../../../src/ports/index.js";
import { createProcessHost } from "../../../src/processes/index.js";
import { SessionSupervisor } from "../../../src/supervisor/supervisor.js";
import { createTransportFactory } from "../../../src/transports/index.js";

const steps = ["endInput", "terminate", "kill", "dispose"] as const satisfies readonly (keyof TransportHandle)[];

/** The supervisor on the real ports, with every step of a closing counted where it leaves the library's core. */
export function countingSupervisor(server: ServerConfig, asked: Map<string, number>): SessionSupervisor {
  const logger = noLogger;
  const clock = systemClock;
  const real = createTransportFactory({ processHost: createProcessHost(), clock, logger });
  const factory: TransportFactory = {
    create: (request) => {
      const handle = real.create(request);
      for (const step of steps) count(handle, step, asked);
      return handle;
    },
  };
  const servers = parseServers({ server });
  return new SessionSupervisor({ servers, clock, factory, logger, limits: {}, traceLeases: false, exit: "kill" });
}

function count(handle: TransportHandle, step: (typeof steps)[number], asked: Map<string, number>): void {
  const perform = handle[step].bind(handle);
  Object.defineProperty(handle, step, {
    value: () => {
      asked.set(step, (asked.get(step) ?? 0) + 1);
      return perform();
    },
  });
}
