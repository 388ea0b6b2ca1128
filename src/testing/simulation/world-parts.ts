import type { Ledger } from "../../ports/ledger.js";
import type { OpenRequest } from "../../ports/transport-factory.js";
import type { WorldClock } from "./clock-types.js";
import type { GatewayLife } from "./gateway-life.js";
import type { WorldSchedule } from "./port-answers.js";
import type { ServerBehaviour } from "./server-behaviour.js";
import type { VirtualNetwork } from "./virtual-network.js";
import type { VirtualProcessHost } from "./virtual-process-host.js";
import type { WorldRecord } from "./world-record.js";

/** The parts of a world that the transports of one gateway live in. */
export interface WorldParts {
  readonly life: GatewayLife;
  readonly clock: WorldClock;
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
