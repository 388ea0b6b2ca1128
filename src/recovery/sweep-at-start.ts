import { messageOf } from "../errors/index.js";
import type { Logger } from "../ports/index.js";
import { reap, type ReapFinding, type ReapOptions } from "./reap.js";

/** Ends what dead gateways left, and logs it. Never rejects: what a gateway of yesterday left is no reason for this one not to start. */
export async function sweepAtStart(
  where: Pick<ReapOptions, "directory" | "clock" | "table">,
  logger: Logger,
): Promise<void> {
  try {
    for (const finding of await reap({ ...where, kill: process.kill.bind(process) })) log(logger, finding);
  } catch (thrown) {
    const { directory } = where;
    logger.warn({ err: thrown, directory }, `what dead gateways left cannot be ended: ${messageOf(thrown)}`);
  }
}

function log(logger: Logger, finding: ReapFinding): void {
  const { verdict, because, file, server, url, afterClose } = finding;
  const fields = { ...finding };
  const what = url === undefined ? `server "${server}"` : `HTTP session with server "${server}" (${url})`;
  if (verdict === "bad") logger.warn(fields, `the ledger's file ${JSON.stringify(file)} is not acted on: ${because}`);
  else if (verdict === "left") logger.warn(fields, `a dead gateway's ${what} is left: ${because}`);
  else if (verdict === "ended") logger.info(fields, `a dead gateway's ${what} was ended`);
  else logger.debug(fields, `a gateway's ${what}: ${because}`);
  if (afterClose && "problem" in afterClose && afterClose.problem !== undefined)
    logger.warn(fields, `what was to run after a dead gateway's ${what}: ${afterClose.problem}`);
}
