import {
  ConnectTimeoutError,
  isLifecycleError,
  type LifecycleError,
  messageOf,
  OpenFailedError,
  RestartLimitError,
  ServerLeakedError,
  UnknownServerError,
} from "../errors/index.js";
import { openConnection, serverStatus, type ServerFailure } from "../machines/index.js";
import type { McpClient } from "../ports/index.js";
import type { SessionHandle } from "./session-handle.js";

/** An open server: its connection and its client. */
export interface ReadyServer {
  readonly connection: string;
  readonly client: McpClient;
}

/**
 * Asks the session for a server and waits for the machines' answer. All who ask wait for the same opening; a failure is reported
 * once what had been started is proved gone, or leaked (LP-19).
 */
export function awaitServer(
  session: SessionHandle,
  server: string,
  { signal, assertHeld }: { signal?: AbortSignal | undefined; assertHeld?: (() => void) | undefined } = {},
): Promise<ReadyServer> {
  const ask = () => session.send({ type: "OPEN", servers: [server], at: session.host.clock.now() });
  const now = session.runtime();
  if (now === undefined || serverStatus(now, server) !== "open") ask();
  return session.pulse.until(() => {
    if (session.isEnding) throw session.endedError();
    assertHeld?.();
    const runtime = session.runtime();
    // Asleep until just now: the former runtime is still closing, and the machine remembers who asked.
    if (runtime === undefined) return undefined;
    const status = serverStatus(runtime, server);
    const place = { session: session.key, server };
    if (status === "unknown") throw new UnknownServerError(Object.keys(session.servers.current), place);
    if (status === "leaked") throw new ServerLeakedError(place);
    if (status === "failed") throw failureError(session, server, runtime.servers[server]?.failure);
    if (status === "open") return readyServer(session, openConnection(runtime, server)?.id);
    // It was open and is closed again, by idleness or a reload, before we looked.
    if (status === "closed") queueMicrotask(ask);
    return undefined;
  }, signal);
}

function readyServer(session: SessionHandle, connection: string | undefined): ReadyServer | undefined {
  const record = connection === undefined ? undefined : session.host.custody.get(connection);
  return record?.transport && { connection: record.id, client: record.transport.client };
}

function failureError(session: SessionHandle, server: string, failure: ServerFailure | undefined): LifecycleError {
  const place = { session: session.key, server };
  const { connectTimeoutMs, restart } = session.lifecycleOf(server);
  if (failure?.kind === "restart-limit" && restart)
    return new RestartLimitError(restart.limit, restart.withinMs, { ...place, cause: failure.error });
  if (failure?.kind === "leaked") return new ServerLeakedError(place);
  if (isLifecycleError(failure?.error)) return failure.error;
  if (failure?.error === undefined)
    return session.timeouts.get(server) ?? new ConnectTimeoutError(connectTimeoutMs, place);
  return new OpenFailedError("connect", messageOf(failure.error), { ...place, cause: failure.error });
}
