import { parseLimits, parseServers, parseSupervisorOptions, type ServerMap } from "../config/index.js";
import { type Clock, type Logger, noLedger, noLogger, noRecovery, systemClock } from "../ports/index.js";
import { type ContainmentChoice, createProcessHost } from "../processes/index.js";
import { type LedgerOptions, openLedger } from "../recovery/index.js";
import { createTransportFactory, type TransportFactoryOptions } from "../transports/index.js";
import { limitNames, type Limits } from "./admission.js";
import type { Supervisor } from "./face.js";
import { safeLogger } from "./safe-logger.js";
import { SessionSupervisor } from "./supervisor.js";

/** Options of a supervisor; all optional. */
export interface SupervisorOptions extends Partial<
  Pick<TransportFactoryOptions, "createClient" | "onClient" | "fetch">
> {
  /** Servers of every session that brings none of its own. */
  readonly servers?: ServerMap | undefined;
  readonly limits?: Limits | undefined;
  /**
   * What ends servers whose gateway is killed: a record of each on disk, and a guardian that acts on them at once; the next start on the same directory
   * does, too. Default `{}`, with the defaults of its options. `false`: nothing is written, no process is started, and nothing of an earlier life is
   * looked for.
   */
  readonly ledger?: LedgerOptions | false | undefined;
  /**
   * How process trees are held. Default `auto`: each in a cgroup of its own where one can be made, else by `group`. A level that is named and
   * cannot be had is a `ConfigError`.
   */
  readonly containment?: ContainmentChoice | undefined;
  /**
   * Whether SIGINT, SIGTERM and SIGHUP shut down within the deadline and are raised again; never if the host listens itself.
   * Default true. At the exit of the process everything in custody is killed in any case.
   */
  readonly signals?: boolean | undefined;
  /**
   * A lease that is held longer than so many milliseconds is announced by the event `lease`, with the stack that acquired it. Default 0: none is.
   */
  readonly leaseWarnMs?: number | undefined;
  /** Remembers who acquired each lease; costs a stack trace each. Default: where there is a `leaseWarnMs`. */
  readonly traceLeases?: boolean | undefined;
  readonly logger?: Logger | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * Makes a supervisor: the owner of all MCP servers that a gateway's sessions use. Throws `ConfigError` naming the field of any option
 * that cannot be used.
 *
 * @example
 * const supervisor = createSupervisor({ servers: { files: { command: "mcp-server-filesystem", args: ["."] } } });
 * await supervisor.session("chat:42").run((lease) => lease.callTool("files", "list_directory", { path: "." }));
 * await supervisor.shutdown();
 */
export function createSupervisor(options: SupervisorOptions = {}): Supervisor {
  parseSupervisorOptions(options);
  const {
    clock = systemClock,
    logger = noLogger,
    containment,
    createClient,
    onClient,
    fetch,
    ledger: wanted = {},
    leaseWarnMs = 0,
  } = options;
  const processHost = createProcessHost({ containment });
  const { ledger, recovery } =
    wanted === false
      ? { ledger: noLedger, recovery: noRecovery }
      : openLedger(wanted, { clock, logger: safeLogger(logger) });
  return new SessionSupervisor({
    servers: parseServers(options.servers ?? {}),
    clock,
    logger,
    factory: createTransportFactory({ processHost, clock, logger, createClient, onClient, fetch, ledger }),
    limits: parseLimits(options.limits, { known: limitNames }),
    traceLeases: options.traceLeases ?? leaseWarnMs > 0,
    leaseWarnMs,
    recovery,
    exit: options.signals === false ? "kill" : "signals",
  });
}
