import type { Implementation } from "@modelcontextprotocol/sdk/types.js";
import type { Redactor, ServerMap } from "../config/index.js";
import type { Clock, Logger } from "../ports/index.js";
import type { SessionOptions, Supervisor } from "../supervisor/face.js";
import type { Prefixes } from "./proxy/names.js";

/** What every session of a gateway is served with. */
export interface GatewayContext {
  readonly supervisor: Supervisor;
  /** As configured now; a reload changes it. */
  readonly servers: () => ServerMap;
  /** Absent where names are passed on as they are. */
  readonly prefixes: (() => Prefixes) | undefined;
  readonly sessionOptions: SessionOptions;
  /** Who the gateway is, to clients and to servers. */
  readonly info: Implementation;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly logger: Logger;
}
