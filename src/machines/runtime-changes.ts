import type { ConnectionLeaked, ConnectionOutput } from "./connection-types.js";
import { afterEnd, leakedFailure, update } from "./runtime-plan.js";
import type { ConnectionRecord, RuntimeContext, RuntimeEvent, ServerRecord } from "./runtime-types.js";

/** What a connection's reports change in its runtime's context; pure, and `{}` for a connection that is not there (any more). */
type Change = Partial<Pick<RuntimeContext, "servers" | "connections" | "leakedServers">>;

type Report<Type extends RuntimeEvent["type"]> = Extract<RuntimeEvent, { type: Type }>;

/** It is open: its tools are known, and what went wrong before is over. */
export function opened(context: RuntimeContext, { id, tools }: Report<"CONNECTION.OPENED">): Change {
  const connection = context.connections[id];
  if (connection === undefined) return {};
  const servers = update(context.servers, [connection.server], (record) =>
    record.spec.fingerprint === connection.fingerprint ? { ...record, tools, failure: undefined } : record,
  );
  return { ...withState(context, id, "open"), servers };
}

/** The server's tools were listed again. */
export function listed(context: RuntimeContext, { connection, tools }: Report<"TOOLS">): Change {
  const server = context.connections[connection]?.server;
  return server === undefined ? {} : { servers: update(context.servers, [server], (record) => ({ ...record, tools })) };
}

/** A remote leak is the end of the connection as far as its server goes; a local one keeps the server from being started again. */
export function leaked(context: RuntimeContext, report: ConnectionLeaked): Change {
  const connection = context.connections[report.id];
  if (connection === undefined) return {};
  const { remoteOnly } = report;
  const servers = update(context.servers, [connection.server], (record) =>
    remoteOnly
      ? endedFor(record, connection, report)
      : { ...record, failure: leakedFailure, wanted: false, backoff: false },
  );
  return {
    servers,
    connections: { ...context.connections, [report.id]: { ...connection, state: "leaked", remoteOnly } },
  };
}

/** It is closed: its record goes, and its server has failed or not. */
export function collected(context: RuntimeContext, connection: ConnectionRecord, output: ConnectionOutput): Change {
  const servers = update(context.servers, [connection.server], (record) =>
    connection.state === "leaked" ? withoutLeak(record) : endedFor(record, connection, output),
  );
  return { servers, connections: without(context.connections, connection.id) };
}

/** Its actor is in error and custody ends it: until that is proved, the server counts as leaked (I11). */
export function takenOver(context: RuntimeContext, { id, server }: ConnectionRecord): Change {
  const stopped = { failure: leakedFailure, wanted: false, backoff: false };
  return {
    connections: without(context.connections, id),
    leakedServers: [...context.leakedServers, server],
    servers: update(context.servers, [server], (record) => ({ ...record, ...stopped })),
  };
}

/** A tree that an older runtime had leaked, or that custody took over, is proved gone. */
export function unleaked(context: RuntimeContext, server: string): Change {
  return {
    leakedServers: context.leakedServers.filter((leakedServer) => leakedServer !== server),
    servers: update(context.servers, [server], withoutLeak),
  };
}

/** The connection in another state. */
export function withState(context: RuntimeContext, id: string, state: ConnectionRecord["state"]): Change {
  const connection = context.connections[id];
  return connection === undefined ? {} : { connections: { ...context.connections, [id]: { ...connection, state } } };
}

/** The records but one. */
export function without<T>(records: Readonly<Record<string, T>>, id: string): Record<string, T> {
  return Object.fromEntries(Object.entries(records).filter(([key]) => key !== id));
}

/** A connection of an older configuration says nothing about its successor. */
function endedFor(
  record: ServerRecord,
  connection: ConnectionRecord,
  end: Parameters<typeof afterEnd>[1],
): ServerRecord {
  return record.spec.fingerprint === connection.fingerprint ? afterEnd(record, end) : record;
}

function withoutLeak(record: ServerRecord): ServerRecord {
  return record.failure?.kind === "leaked" ? { ...record, failure: undefined } : record;
}
