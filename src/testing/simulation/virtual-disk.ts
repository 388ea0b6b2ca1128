import type { LedgerEntry, RemoteLedgerEntry } from "../../ports/ledger.js";
import type { TreeRef } from "../../ports/process-host.js";
import { entryVersion } from "../../recovery/entry-fields.js";
import type { GatewayIdentity } from "../../recovery/gateway-identity.js";
import { isRemote, parseEntry, textOf } from "../../recovery/parse-entry.js";
import type { FiledEntry, FiledRemote } from "../../recovery/read-ledgers.js";
import { remoteFileName } from "../../recovery/remote-entry.js";
import { entryFileName } from "../../recovery/tree-entry.js";

/** A record as it would stand on disk. */
export type VirtualLedgerRecord = TreeRecord | RemoteLedgerEntry;

type TreeRecord = LedgerEntry & { readonly tree?: TreeRef | undefined };

interface Filed {
  readonly owner: GatewayIdentity;
  readonly record: VirtualLedgerRecord;
  /** How often a sweep tried in vain to delete its session. */
  readonly tries?: number;
}

/** What stays of a ledger when its gateway is killed; all gateways of a world write to the same one. */
export class VirtualDisk {
  readonly #filed = new Map<string, Filed>();

  get records(): readonly VirtualLedgerRecord[] {
    return [...this.#filed.values()].map(({ record }) => record);
  }

  write(owner: GatewayIdentity, record: VirtualLedgerRecord): void {
    this.#filed.set(record.connectionId, { owner, record });
  }

  /** Does nothing where there is no record to complete. */
  complete(connectionId: string, tree: TreeRef): void {
    const { owner, record } = this.#filed.get(connectionId) ?? {};
    if (owner !== undefined && record !== undefined && "cookie" in record) this.write(owner, { ...record, tree });
  }

  noteTry(connectionId: string, tries: number): void {
    const filed = this.#filed.get(connectionId);
    if (filed !== undefined) this.#filed.set(connectionId, { ...filed, tries });
  }

  remove(connectionId: string): void {
    this.#filed.delete(connectionId);
  }

  /** The records of trees, as a later gateway reads them from its files. */
  readTrees(): readonly FiledEntry[] {
    return [...this.#filed.values()].flatMap(({ owner, record }) =>
      "cookie" in record ? readTree(owner, record) : [],
    );
  }

  /** The same of HTTP sessions. */
  readRemotes(): readonly FiledRemote[] {
    return [...this.#filed.values()].flatMap(({ owner, record, tries = 0 }) =>
      "sessionId" in record ? readRemote({ owner, record, tries }) : [],
    );
  }
}

function readTree(owner: GatewayIdentity, { connectionId, server, cookie, tree }: TreeRecord): FiledEntry[] {
  const leader = tree && { pid: tree.leader.pid, startTime: tree.leader.startTime };
  const written = { version: entryVersion, owner, connectionId, server, cookie, ...(leader && { leader }) } as const;
  const file = entryFileName(written);
  const entry = parseEntry(textOf(written), file);
  return isRemote(entry) ? [] : [{ folder: "virtual", file, entry }];
}

function readRemote(filed: Filed & { readonly record: RemoteLedgerEntry; readonly tries: number }): FiledRemote[] {
  const { owner, record: kept, tries } = filed;
  const { connectionId, server, sessionId, url } = kept;
  const remote = { url: `${url.origin}${url.pathname}`, sessionId, hadQuery: url.search !== "" };
  const record = Buffer.from(connectionId).toString("hex").slice(-32).padStart(32, "0");
  const written = { version: entryVersion, owner, connectionId, server, record, remote, tries } as const;
  const file = remoteFileName(written);
  const entry = parseEntry(textOf(written), file);
  return isRemote(entry) ? [{ folder: "virtual", file, entry }] : [];
}
