import type { LedgerEntry, RemoteLedgerEntry } from "../../ports/ledger.js";
import type { TreeRef } from "../../ports/process-host.js";
import { entryVersion } from "../../recovery/entry-fields.js";
import type { GatewayIdentity } from "../../recovery/gateway-identity.js";
import { isRemote, parseEntry, textOf } from "../../recovery/parse-entry.js";
import type { FiledEntry } from "../../recovery/read-ledgers.js";
import { entryFileName } from "../../recovery/tree-entry.js";

/** A record as it would stand on disk. */
export type VirtualLedgerRecord = TreeRecord | RemoteLedgerEntry;

type TreeRecord = LedgerEntry & { readonly tree?: TreeRef | undefined };

interface Filed {
  readonly owner: GatewayIdentity;
  readonly record: VirtualLedgerRecord;
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

  remove(connectionId: string): void {
    this.#filed.delete(connectionId);
  }

  /** The records of trees, as a later gateway reads them from its files. */
  readTrees(): readonly FiledEntry[] {
    return [...this.#filed.values()].flatMap(({ owner, record }) => ("cookie" in record ? read(owner, record) : []));
  }
}

function read(owner: GatewayIdentity, { connectionId, server, cookie, tree }: TreeRecord): FiledEntry[] {
  const leader = tree && { pid: tree.leader.pid, startTime: tree.leader.startTime };
  const written = { version: entryVersion, owner, connectionId, server, cookie, ...(leader && { leader }) } as const;
  const file = entryFileName(written);
  const entry = parseEntry(textOf(written), file);
  return isRemote(entry) ? [] : [{ folder: "virtual", file, entry }];
}
