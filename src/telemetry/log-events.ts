import type { Logger } from "../ports/index.js";
import type { SupervisorEvents } from "../supervisor/events.js";
import type { Subscription, Supervisor } from "../supervisor/face.js";
import type { ConnectionReceipt, SessionReceipt } from "../supervisor/receipts.js";
import { lastMeans } from "./means.js";
import { together } from "./subscriptions.js";

/**
 * Writes a line for what a supervisor announces. Each has `session` (the key) and `generation`; what is of a connection has `connection`, `server`,
 * `transport` and, from when it is known, `pid`. What passes is `debug`, beginnings and ends are `info`, what needs somebody's eye is `warn` or `error`.
 *
 * @example
 * const lines = logEvents(supervisor, pino());
 * lines.dispose();
 */
export function logEvents(supervisor: Supervisor, logger: Logger): Subscription {
  const known = new Set<string>();
  return together([
    supervisor.on("session", ({ key, session, state, parent }) => {
      const fields = { session: key, generation: session, state, ...(parent !== undefined && { parent }) };
      if (known.has(session)) logger.debug(fields, `session is ${state}`);
      else logger.info(fields, "session began");
      known.add(session);
    }),
    supervisor.on("runtime", ({ key, session, runtime, state }) => {
      logger.debug({ session: key, generation: session, runtime }, `runtime is ${state}`);
    }),
    supervisor.on("connection", (event) => logConnection(logger, event)),
    supervisor.on("lease", ({ key, session, lease, state, heldMs, acquiredBy }) => {
      const fields = { session: key, generation: session, lease, heldMs };
      if (state === "returned") logger.info(fields, "a lease reported as overdue is not held any more");
      else logger.warn({ ...fields, acquiredBy }, "a lease is held for too long");
    }),
    supervisor.on("receipt", (receipt) => {
      if (receipt.outcome === "closed") known.delete(receipt.session);
      logReceipt(logger, receipt);
    }),
    supervisor.on("recovered", (receipt) => {
      known.delete(receipt.session);
      logger.info(receiptFields(receipt), "a leaked session is proved gone");
    }),
    supervisor.on("forgotten", (receipt) => {
      known.delete(receipt.session);
      logger.warn(receiptFields(receipt), "a leaked session was given up");
    }),
  ]);
}

function logConnection(logger: Logger, event: SupervisorEvents["connection"]): void {
  const { key, session, connection, server, kind, containment, pid, state, receipt } = event;
  const fields = {
    session: key,
    generation: session,
    connection,
    server,
    transport: kind,
    ...(pid !== undefined && { pid }),
    ...(containment !== undefined && { containment }),
  };
  if (state === "leaked") logger.error(fields, "a connection is leaked: it could not be proved gone");
  else if (state === "open") logger.info(fields, "connection is open");
  else if (receipt === undefined) logger.debug(fields, `connection is ${state}`);
  else logClosed(logger, fields, receipt);
}

function logClosed(logger: Logger, fields: object, receipt: ConnectionReceipt): void {
  const { outcome, means, exit, failure, abortedCalls, wasOpen, netUsed } = receipt;
  const said = { ...fields, outcome, means, exit, abortedCalls, ...(failure !== undefined && { failure }) };
  if (netUsed) logger.error(said, "connection was ended by the net: a defect of mcp-lifecycle");
  else if (outcome !== "closed") logger.warn(said, `connection is ${outcome}`);
  else if (failure === undefined) logger.info(said, "connection is closed");
  else
    logger.warn(said, wasOpen ? "connection was lost, and is closed" : "connection could not be opened, and is closed");
}

function logReceipt(logger: Logger, receipt: SessionReceipt): void {
  const fields = receiptFields(receipt);
  if (receipt.outcome === "closed") {
    logger.info(fields, "session ended; nothing of it is left");
    return;
  }
  const survivors = receipt.connections.flatMap(({ server, survivors: left }) =>
    left.map(({ pid, ppid, command }) => ({ server, pid, ppid, command })),
  );
  logger.error({ ...fields, survivors }, "session ended; what is left of it could not be proved gone");
}

function receiptFields({ key, session, reason, cause, outcome, connections, ...times }: SessionReceipt) {
  return {
    session: key,
    generation: session,
    reason,
    cause,
    outcome,
    means: lastMeans(connections),
    connections: connections.length,
    tookMs: Math.round(times.endedAt - times.startedAt),
  };
}
