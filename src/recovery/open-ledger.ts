import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Clock, GuardianStatus, Ledger, Logger, Recovery, RecoveryListener } from "../ports/index.js";
import { platformProcessTable } from "../processes/index.js";
import { atMost } from "../processes/at-most.js";
import { createDiskLedger } from "./disk-ledger.js";
import { type GatewayIdentity, gatewayIdentity } from "./gateway-identity.js";
import type { Watch } from "./guardian.js";
import { LedgerHealth } from "./ledger-health.js";
import { defaultLedgerDirectory } from "./ledger-folder.js";
import { sharedGuardian } from "./shared-guardian.js";
import { sweepAtStart } from "./sweep-at-start.js";

/** What outlives the gateway: records on disk, and a process that acts on them when the gateway is killed. */
export interface LedgerOptions {
  /** Shared by all gateways of a user; each has a folder of its own in it. Default `$XDG_STATE_HOME/mcp-lifecycle`, else `~/.local/state/mcp-lifecycle`. */
  readonly directory?: string | undefined;
  /** What happens to a server whose record cannot be written: it is started with a warning, or not at all. Default `continue`. */
  readonly onFailure?: "refuse" | "continue" | undefined;
  /**
   * Whether a small process waits for the end of this one and then ends what it left; one a gateway, from the first record until the shutdown. Default
   * true. Without it, the next start of a gateway does it.
   */
  readonly guardian?: boolean | undefined;
  /**
   * The guardian kills this process when its event loop has been blocked for so long, in milliseconds: at least 1 000. A debugger's breakpoint and
   * SIGSTOP count, too. Costs a `sleep` of its own, started anew four times in that time. Default: never.
   */
  readonly watchdogMs?: number | undefined;
}

export interface OpenLedger {
  readonly ledger: Ledger;
  readonly recovery: Recovery;
}

/** How long a shutdown waits for the last records to be removed, and for the guardian to go; what is not gone then is the guardian's. */
const closeMs = 1_000;

/** One folder for all supervisors of this process. */
const gatewayName = `${process.pid}-${randomBytes(8).toString("hex")}`;

/** Ends, in the background, what dead gateways left in the same directory; keeps the records of this one; and has them watched over. */
export function openLedger(options: LedgerOptions, { clock, logger }: { clock: Clock; logger: Logger }): OpenLedger {
  const { directory = defaultLedgerDirectory(), onFailure = "continue", guardian: isGuarded = true } = options;
  const table = platformProcessTable(process.platform);
  const folder = join(directory, gatewayName);
  const health = new LedgerHealth(folder, logger);
  let identity: GatewayIdentity | undefined;
  const owner = () => (identity ??= gatewayIdentity(table));
  const guardian = isGuarded ? sharedGuardian({ clock, owner }) : undefined;
  let listener: RecoveryListener | undefined;
  const watch: Watch = {
    folder,
    watchdogMs: options.watchdogMs,
    onChange: (status) => {
      logGuardian(logger, status);
      listener?.guardian(status);
    },
  };
  health.onChange = (status) => listener?.ledger(status);
  void sweepAtStart({ directory, clock, table }, logger);
  const onRecord = () => guardian?.begin(watch);
  const disk = createDiskLedger({ folder, directory, onFailure, health, owner, onRecord });
  const { ledger, settled } = remembering(disk);
  return {
    ledger,
    recovery: {
      get ledger() {
        return health.status;
      },
      get guardian() {
        return guardian?.status ?? ({ state: "off", losses: 0 } as const);
      },
      listen: (told) => void (listener = told),
      close: async () => {
        await atMost(settled(), closeMs, clock);
        if (guardian) await atMost(guardian.end(watch), closeMs, clock);
      },
    },
  };
}

/** Knows which steps have not settled: nobody waits for the removal of a record but who closes the whole. */
function remembering(ledger: Ledger): { readonly ledger: Ledger; readonly settled: () => Promise<unknown> } {
  const pending = new Set<Promise<void>>();
  const noted = (step: Promise<void>) => {
    const over = step.catch(() => undefined).finally(() => pending.delete(over));
    pending.add(over);
    return step;
  };
  return {
    ledger: {
      intend: (entry) => noted(ledger.intend(entry)),
      started: (connectionId, tree) => noted(ledger.started(connectionId, tree)),
      leaked: (connectionId) => noted(ledger.leaked(connectionId)),
      kept: (entry) => noted(ledger.kept(entry)),
      remove: (connectionId) => noted(ledger.remove(connectionId)),
    },
    settled: async () => {
      // Steps of one connection follow each other.
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}

function logGuardian(logger: Logger, { state, pid, losses, problem }: GuardianStatus): void {
  if (state === "unavailable") logger.warn({ problem }, `there is no guardian: ${problem}`);
  else if (state === "lost") logger.warn({ losses }, "the guardian died and is about to be started again");
  else logger.debug({ pid }, `the guardian is ${state}`);
}
