import type { ConnectionLeaked, ConnectionOutput } from "./connection-types.js";
import type {
  Catalogue,
  ConnectionRecord,
  RestartPolicy,
  RuntimeContext,
  RuntimeInput,
  ServerRecord,
  ServerSpec,
} from "./runtime-types.js";
import type { ServerFailure } from "./vocabulary.js";

/** What a runtime thinks of its servers: pure functions on its context, so that the statechart stays readable. */

/** What a server is doing, for those who wait for it. */
export type ServerStatus = "unknown" | "closed" | "waiting" | "opening" | "open" | "closing" | "failed" | "leaked";

/** What a server is doing now. */
export function serverStatus(context: RuntimeContext, server: string): ServerStatus {
  const record = Object.hasOwn(context.servers, server) ? context.servers[server] : undefined;
  if (record === undefined) return "unknown";
  if (isLeaked(context, server)) return "leaked";
  const states = connectionsOf(context, server).map(({ state }) => state);
  if (states.includes("open")) return "open";
  if (states.includes("opening")) return "opening";
  if (record.wanted) return "waiting";
  if (record.failure !== undefined) return "failed";
  return states.some((state) => state === "closing" || state === "draining") ? "closing" : "closed";
}

/** The connection on which calls can be made, if there is one. */
export function openConnection(context: RuntimeContext, server: string): ConnectionRecord | undefined {
  return connectionsOf(context, server).find(({ state }) => state === "open");
}

/** Servers that are wanted and may be started: no tree of theirs is left (I11), no back-off runs. */
export function startable(context: RuntimeContext): readonly string[] {
  if (context.fenced) return [];
  return Object.entries(context.servers)
    .filter(([server, record]) => record.wanted && !record.backoff && !isHeld(context, server))
    .map(([server]) => server);
}

/** Somebody asks for servers. A server in back-off after a failed open is not wanted anew: its failure is the answer. */
export function want(context: RuntimeContext, servers: readonly string[], at: number): RuntimeContext["servers"] {
  if (context.fenced) return context.servers;
  const asked = servers.filter((server) => {
    const status = serverStatus(context, server);
    return (
      status === "closed" || status === "closing" || (status === "failed" && mayTryAgain(context.servers[server], at))
    );
  });
  return update(context.servers, asked, (record) => ({ ...record, wanted: true, failure: undefined }));
}

/** A connection ended: what that means for its server. `wanted` with `backoff` says that it is to be reopened later. */
export function afterEnd(
  record: ServerRecord,
  { failure, wasOpen, at }: Pick<ConnectionOutput | ConnectionLeaked, "failure" | "wasOpen" | "at">,
): ServerRecord {
  if (failure === undefined || at === undefined) return record;
  const { restart } = record.spec;
  if (failure.kind === "refused") return { ...record, failure, wanted: false };
  // Asked for while it closed: that is its next use.
  if (restart === false) return record.wanted ? record : { ...record, failure };
  const failures = [...record.failures.filter((time) => time > at - restart.withinMs), at];
  const notBefore = at + backOff(restart, failures.length);
  if (failures.length > restart.limit) {
    return {
      ...record,
      failures,
      notBefore: at + restart.withinMs,
      failure: { kind: "restart-limit", error: failure.error },
      wanted: false,
    };
  }
  if (!wasOpen) return { ...record, failures, notBefore, failure, wanted: false };
  return { ...record, failures, notBefore, failure, wanted: true, backoff: true };
}

/** How long to wait after the n-th failure within the window. */
export function backOff({ initialDelayMs, maxDelayMs }: RestartPolicy, failures: number): number {
  return Math.min(initialDelayMs * 2 ** Math.max(0, failures - 1), maxDelayMs);
}

/** Connections that a new configuration replaces: their server is gone or looks different. */
export function replacedBy(context: RuntimeContext, servers: RuntimeInput["servers"]): readonly ConnectionRecord[] {
  return Object.values(context.connections).filter(
    ({ server, state }) =>
      state !== "leaked" && servers[server]?.fingerprint !== context.servers[server]?.spec.fingerprint,
  );
}

/** The servers under a new configuration; what did not change keeps everything, what was in use is wanted again. */
export function reconfigured(context: RuntimeContext, servers: RuntimeInput["servers"]): RuntimeContext["servers"] {
  return mapValues(servers, (spec, server) => {
    const before = context.servers[server];
    if (before === undefined) return freshServer(spec);
    if (before.spec.fingerprint === spec.fingerprint) return { ...before, spec };
    const inUse = connectionsOf(context, server).some(({ state }) => state === "open" || state === "opening");
    return { ...freshServer(spec), wanted: before.wanted || inUse };
  });
}

/** The servers a runtime begins with: tools that are known already are kept while the fingerprint is the same. */
export function initialServers({ servers, wanted, catalogue }: RuntimeInput): RuntimeContext["servers"] {
  return mapValues(servers, (spec, server) => {
    const known = catalogue[server];
    const tools = known?.fingerprint === spec.fingerprint ? known.tools : undefined;
    return { ...freshServer(spec), wanted: wanted.includes(server), tools };
  });
}

/** The tools that are known, for the runtime that comes after a sleep. */
export function catalogueOf({ servers }: RuntimeContext): Catalogue {
  const known = Object.entries(servers).flatMap(([server, { spec, tools }]) =>
    tools === undefined ? [] : [[server, { fingerprint: spec.fingerprint, tools }] as const],
  );
  return Object.fromEntries(known);
}

/** Replaces the named servers; names that are not there (any more) are passed over. */
export function update(
  servers: RuntimeContext["servers"],
  names: readonly string[],
  change: (record: ServerRecord) => ServerRecord,
): RuntimeContext["servers"] {
  const changed = names.flatMap((name) => {
    const record = Object.hasOwn(servers, name) ? servers[name] : undefined;
    return record === undefined ? [] : [[name, change(record)] as const];
  });
  return { ...servers, ...Object.fromEntries(changed) };
}

/** Every connection of a server that is not yet closed. */
export function connectionsOf(context: RuntimeContext, server: string): readonly ConnectionRecord[] {
  return Object.values(context.connections).filter((connection) => connection.server === server);
}

/** A local leak, of this runtime or an older one, keeps the server from being started a second time. */
function isLeaked(context: RuntimeContext, server: string): boolean {
  return (
    context.leakedServers.includes(server) ||
    connectionsOf(context, server).some(({ state, remoteOnly }) => state === "leaked" && !remoteOnly)
  );
}

function isHeld(context: RuntimeContext, server: string): boolean {
  return isLeaked(context, server) || connectionsOf(context, server).some(({ state }) => state !== "leaked");
}

function mayTryAgain(record: ServerRecord | undefined, at: number): boolean {
  return record !== undefined && at >= record.notBefore;
}

function freshServer(spec: ServerSpec): ServerRecord {
  return { spec, wanted: false, backoff: false, failures: [], notBefore: 0, failure: undefined, tools: undefined };
}

function mapValues<A, B>(values: Readonly<Record<string, A>>, map: (value: A, key: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value, key)]));
}

/** Why a server whose tree is leaked is not open. */
export const leakedFailure: ServerFailure = { kind: "leaked" };
