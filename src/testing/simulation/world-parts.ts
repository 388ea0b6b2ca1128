import type { Ledger } from "../../ports/ledger.js";
import type { OpenRequest } from "../../ports/transport-factory.js";
import type { WorldSchedule } from "./port-answers.js";
import type { ServerBehaviour } from "./server-behaviour.js";
import type { VirtualClock } from "./virtual-clock.js";
import type { VirtualNetwork } from "./virtual-network.js";
import type { VirtualProcessHost } from "./virtual-process-host.js";
import type { WorldRecord } from "./world-record.js";

/** The parts of a world that its transports live in. */
export interface WorldParts {
  readonly clock: VirtualClock;
  readonly schedule: WorldSchedule;
  readonly record: WorldRecord;
  readonly network: VirtualNetwork;
  readonly processHost: VirtualProcessHost;
  readonly ledger: Ledger;
}

/** What every virtual transport is made of. */
export interface VirtualTransportOptions {
  readonly world: WorldParts;
  readonly request: OpenRequest;
  /** Asked whenever it matters, so that a test may change its mind about a server. */
  readonly behaviour: () => ServerBehaviour;
}
