import { messageOf, UnknownServerError } from "../errors/index.js";
import type { SessionPort } from "../machines/index.js";
import { abortAfter } from "./abort-after.js";
import { connectionPort, type PortOwner, takeOver } from "./connection-port.js";
import { receiptOf } from "./custody-record.js";
import type { CustodyRecord, Entry } from "./custody.js";
import type { SessionHandle } from "./session-handle.js";

/** What the session's machines ask for, performed on custody. */
export function sessionPort(session: SessionHandle): SessionPort {
  const { host } = session;
  const { custody } = host;
  const owner = portOwner(session);
  const connections = connectionPort(custody, owner);
  const records = () => custody.of(session.id);
  return {
    ...connections,
    open: (id, server) => {
      // Refused before anything is entered: a session that is ending opens nothing (I4).
      if (session.completion.request !== undefined) return Promise.reject(session.endedError());
      return announced(session, id, connections.open(id, server));
    },
    abortOpen: (id, failure) => {
      connections.abortOpen(id, failure);
      const record = custody.get(id);
      if (record === undefined) return;
      if (record.failure?.code === "CONNECT_TIMEOUT") session.timeouts.set(record.server, record.failure);
      host.announce(session, record, { state: "closing" });
    },
    disposed: async (signal) => {
      // One that is tried again is a leak still: waiting for all of them to rest at once would be waiting for chance.
      await custody.until(session.id, () => records().every(({ wasLeaked }) => wasLeaked), signal);
      return records().length === 0 ? "gone" : "leaked";
    },
    endBegan: (request) => {
      session.completion.begin(request);
      for (const { calls } of records()) calls.refuse(() => session.endedError());
    },
    abortSessionCalls: () => {
      for (const { calls } of records()) calls.abort(() => session.endedError());
    },
    takeOverSession: (error) => {
      for (const record of records()) void takeOver({ custody, owner, record, error, tools: custody });
    },
  };
}

/** How custody reaches the session that a connection belongs to. */
export function portOwner(session: SessionHandle): PortOwner {
  const { host } = session;
  return {
    entryFor: (id, server) => entryFor(session, id, server),
    connectTimeoutMs: (server) => session.lifecycleOf(server).connectTimeoutMs,
    ended: (record, how) => {
      const receipt = session.completion.proved(record, how);
      // After its waiters were told why: they ask for it by name.
      queueMicrotask(() => session.servers.abandon(record.server, record.config));
      host.announce(session, record, { state: "closed", receipt });
    },
    removed: () => {
      if (host.custody.of(session.id).length === 0) session.send({ type: "GONE" });
    },
    leaked: (record, isNews) => {
      host.announce(session, record, { state: "leaked" });
      if (isNews) host.events.emit("leaked", receiptOf(record, "leaked"));
      host.retryLater(session, record);
    },
    netProved: ({ id, server }) => session.send({ type: "UNLEAKED", server, runtime: runtimeOf(session, id) }),
    refusal: () => (session.completion.request === undefined ? undefined : session.endedError()),
  };
}

function entryFor(session: SessionHandle, id: string, server: string): Entry {
  const { host, key } = session;
  const servers = session.servers.current;
  const config = servers[server];
  if (config === undefined) throw new UnknownServerError(Object.keys(servers), { session: key, server });
  host.admitTree(session, server);
  const runtime = runtimeOf(session, id);
  return {
    id,
    session: session.id,
    server,
    config,
    context: { sessionKey: key, generation: session.id, server, tags: session.tags },
    onCalls: (inFlight) => used(session, id, inFlight),
    onLost: (error) => session.send({ type: "LOST", connection: id, runtime, error }),
    onToolsChanged: (record) => void relist(session, record),
    onSettledLate: () => session.send({ type: "RETRY", connection: id, runtime }),
  };
}

function announced<T>(session: SessionHandle, id: string, opened: Promise<T>): Promise<T> {
  const record = session.host.custody.get(id);
  if (record === undefined) return opened;
  session.host.announce(session, record, { state: "opening" });
  opened.then(
    () => record.state === "open" && session.host.announce(session, record, { state: "open" }),
    () => undefined,
  );
  return opened;
}

function used(session: SessionHandle, connection: string, inFlight: number): void {
  const { custody, clock } = session.host;
  const inFlightOfSession = custody.of(session.id).reduce((sum, { calls }) => sum + calls.inFlight, 0);
  session.send({ type: "USED", connection, inFlight, inFlightOfSession, at: clock.now() });
}

const relisting = new WeakMap<CustodyRecord, "once" | "again">();

/** One list at a time, however often the server says that its tools changed; one more if it said so meanwhile. */
async function relist(session: SessionHandle, record: CustodyRecord): Promise<void> {
  if (relisting.has(record)) {
    relisting.set(record, "again");
    return;
  }
  relisting.set(record, "once");
  await listAgain(session, record);
  const isStale = relisting.get(record) === "again";
  relisting.delete(record);
  if (isStale) await relist(session, record);
}

async function listAgain(session: SessionHandle, record: CustodyRecord): Promise<void> {
  const { clock, logger } = session.host;
  using limit = abortAfter(clock, session.lifecycleOf(record.server).callTimeoutMs);
  try {
    const tools = await record.handle.listTools(limit.signal);
    session.send({ type: "TOOLS", connection: record.id, tools });
  } catch (error) {
    logger.warn({ session: session.key, server: record.server, error: messageOf(error) }, "tools not listed again");
  }
}

/** Connection ids begin with the id of their runtime, and that with the id of the session. */
export function runtimeOf(session: { readonly id: string }, connection: string): string {
  return connection.slice(0, connection.indexOf("/", session.id.length + 1));
}
