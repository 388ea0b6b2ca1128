import { messageOf } from "../errors/index.js";
import type { Clock, Ledger, Logger } from "../ports/index.js";
import { platformProcessTable } from "../processes/index.js";
import { createDiskLedger } from "./disk-ledger.js";
import { type GatewayIdentity, gatewayIdentity } from "./gateway-identity.js";
import { defaultLedgerDirectory } from "./ledger-folder.js";
import { reap, type ReapFinding, type ReapOptions } from "./reap.js";

/** What outlives the gateway, on disk. */
export interface LedgerOptions {
  /** Shared by all gateways of a user; each has a folder of its own in it. Default `$XDG_STATE_HOME/mcp-lifecycle`, else `~/.local/state/mcp-lifecycle`. */
  readonly directory?: string | undefined;
  /** What happens to a server whose record cannot be written: it is started with a warning, or not at all. Default `continue`. */
  readonly onFailure?: "refuse" | "continue" | undefined;
}

/** Ends, in the background, what dead gateways left in the same directory, and keeps the records of this one. */
export function openLedger(options: LedgerOptions, { clock, logger }: { clock: Clock; logger: Logger }): Ledger {
  const { directory = defaultLedgerDirectory(), onFailure = "continue" } = options;
  const table = platformProcessTable(process.platform);
  let identity: GatewayIdentity | undefined;
  void sweep({ directory, clock, table }, logger);
  return createDiskLedger({ directory, onFailure, logger, owner: () => (identity ??= gatewayIdentity(table)) });
}

/** Never rejects: what a gateway of yesterday left is no reason for this one not to start. */
async function sweep(where: Pick<ReapOptions, "directory" | "clock" | "table">, logger: Logger): Promise<void> {
  try {
    for (const finding of await reap({ ...where, kill: process.kill.bind(process) })) log(logger, finding);
  } catch (thrown) {
    const { directory } = where;
    logger.warn({ err: thrown, directory }, `what dead gateways left cannot be ended: ${messageOf(thrown)}`);
  }
}

function log(logger: Logger, finding: ReapFinding): void {
  const { verdict, because, file, server } = finding;
  const fields = { ...finding };
  if (verdict === "bad") logger.warn(fields, `the ledger's file ${JSON.stringify(file)} is not acted on: ${because}`);
  else if (verdict === "left") logger.warn(fields, `a dead gateway's server "${server}" is left: ${because}`);
  else if (verdict === "ended") logger.info(fields, `a dead gateway's server "${server}" was ended`);
  else logger.debug(fields, `a gateway's server "${server}": ${because}`);
}
