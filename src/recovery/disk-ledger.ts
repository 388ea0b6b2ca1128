import { randomBytes } from "node:crypto";
import { LifecycleError, messageOf } from "../errors/index.js";
import type { Ledger, LedgerEntry, RecordedCommand, RemoteLedgerEntry } from "../ports/index.js";
import { createEntryFiles } from "./entry-files.js";
import { entryVersion, longestText } from "./entry-fields.js";
import type { GatewayIdentity } from "./gateway-identity.js";
import type { LedgerHealth } from "./ledger-health.js";
import { type Entry, fileNameOf, isRemote, largestEntryBytes, parseEntry, textOf } from "./parse-entry.js";
import { type TreeEntry, treeEntrySchema } from "./tree-entry.js";

export interface DiskLedgerOptions {
  /** Of this gateway; it is made when the first record is, and goes with the last one. */
  readonly folder: string;
  /** Of all gateways; the folder is in it. */
  readonly directory: string;
  /** Whether a server is started although its record cannot be written. */
  readonly onFailure: "refuse" | "continue";
  readonly owner: () => GatewayIdentity;
  readonly health: LedgerHealth;
  /** A record is about to be written. */
  readonly onRecord?: (() => void) | undefined;
}

/** Custody's shadow on disk. Each record is on disk before `intend` and `kept` resolve. */
export function createDiskLedger(options: DiskLedgerOptions): Ledger {
  const { folder, directory, onFailure, owner, health, onRecord } = options;
  const files = createEntryFiles({ folder, directory });

  const write = async (connectionId: string, entry: Entry) => {
    await files.write(connectionId, entry);
    health.written();
    const { server } = entry;
    await files
      .restore()
      .catch((thrown) => health.failed(thrown, { server, consequence: "records of others are lost" }));
  };
  const common = ({ connectionId, server, session }: Pick<LedgerEntry, "connectionId" | "server" | "session">) => ({
    version: entryVersion as typeof entryVersion,
    owner: owner(),
    connectionId: shorten(connectionId),
    server: shorten(server),
    ...(session !== undefined && { session: shorten(session) }),
  });
  const file = async (connectionId: string, entry: Entry) => {
    // Before it is too late: what is not believed when it is read protects nobody.
    parseEntry(textOf(entry), fileNameOf(entry));
    onRecord?.();
    await write(connectionId, entry);
  };
  const amend = async (connectionId: string, consequence: string, change: (known: TreeEntry) => TreeEntry) => {
    const { entry: known, isOnDisk } = files.get(connectionId) ?? {};
    if (known === undefined || isRemote(known)) return;
    try {
      await write(connectionId, change(known));
    } catch (thrown) {
      // By its cookie it is found all the same. What was not there before has been told.
      if (isOnDisk) health.failed(thrown, { server: known.server, consequence });
    }
  };

  const intend = async (intended: LedgerEntry) => {
    const { connectionId, server, cookie, place, afterClose } = intended;
    try {
      await file(connectionId, withCommand({ ...common(intended), cookie, ...placed(place) }, afterClose));
    } catch (thrown) {
      const isRefused = onFailure === "refuse";
      if (isRefused) files.forget(connectionId);
      health.failed(thrown, {
        server,
        consequence: `the server is ${isRefused ? "not started" : "started all the same"}`,
      });
      const message = `the ledger in ${folder} cannot be written: ${messageOf(thrown)}`;
      if (isRefused) throw new LifecycleError("LEDGER", message, { server, cause: thrown });
    }
  };
  const kept = async (known: RemoteLedgerEntry) => {
    const { connectionId, server, url, sessionId } = known;
    const former = files.get(connectionId)?.entry;
    const record = former !== undefined && isRemote(former) ? former.record : randomBytes(16).toString("hex");
    const remote = { url: `${url.origin}${url.pathname}`, sessionId, hadQuery: url.search !== "" };
    try {
      await file(connectionId, { ...common(known), record, remote, tries: 0 });
    } catch (thrown) {
      health.failed(thrown, { server, consequence: "its HTTP session would outlive this gateway if that were killed" });
    }
  };

  return {
    intend,
    kept,
    started: (connectionId, { leader, ...place }) =>
      amend(connectionId, "its record names no process", ({ containment: _meant, cgroup: _perhaps, ...known }) => {
        const { pid, startTime } = leader;
        return { ...known, leader: { pid, startTime }, ...placed(place) };
      }),
    leaked: (connectionId) =>
      amend(connectionId, "its record does not say that it leaked", (known) => ({ ...known, isLeaked: true })),
    remove: async (connectionId) => {
      const server = files.get(connectionId)?.entry.server ?? "";
      try {
        await files.remove(connectionId);
      } catch (thrown) {
        health.failed(thrown, { server, consequence: "a record stays of what is gone" });
      }
    },
  };
}

function placed(place: LedgerEntry["place"]): Pick<TreeEntry, "containment" | "cgroup"> {
  if (place === undefined) return {};
  const { containment, cgroup } = place;
  return { containment, ...(cgroup !== undefined && { cgroup }) };
}

function shorten(name: string): string {
  return name.slice(0, longestText);
}

/** With a command that does not fit, the whole record would not be believed: the tree comes first. */
function withCommand(entry: TreeEntry, afterClose: RecordedCommand | undefined): TreeEntry {
  if (afterClose === undefined) return entry;
  const { command, args, cwd, timeoutMs, env } = afterClose;
  const recorded = {
    command,
    args: [...args],
    ...(cwd !== undefined && { cwd }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(env !== undefined && { env: [...env] }),
  };
  const whole = { ...entry, afterClose: recorded };
  const fits = Buffer.byteLength(textOf(whole)) + roomForLeader <= largestEntryBytes;
  return fits && treeEntrySchema.safeParse(whole).success ? whole : entry;
}

const roomForLeader = 200;
