import { randomBytes } from "node:crypto";
import { rmdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { LifecycleError, messageOf } from "../errors/index.js";
import type { Ledger, LedgerEntry, Logger } from "../ports/index.js";
import type { GatewayIdentity } from "./gateway-identity.js";
import { makeOwnFolder, replaceFile } from "./ledger-folder.js";
import { entryFileName, entryVersion, type TreeEntry } from "./tree-entry.js";

export interface DiskLedgerOptions {
  /** Of all gateways; this one gets a folder of its own in it. */
  readonly directory: string;
  /** Whether a server is started although its record cannot be written. */
  readonly onFailure: "refuse" | "continue";
  readonly owner: () => GatewayIdentity;
  readonly logger: Logger;
}

/** Custody's shadow on disk. Each record is on disk before `intend` resolves. */
export function createDiskLedger({ directory, onFailure, owner, logger }: DiskLedgerOptions): Ledger {
  const folder = join(directory, `${process.pid}-${randomBytes(8).toString("hex")}`);
  const entries = new Map<string, TreeEntry>();

  const attempt = async (entry: TreeEntry) => {
    await makeOwnFolder(directory);
    await makeOwnFolder(folder);
    await replaceFile(folder, entryFileName(entry), `${JSON.stringify(entry)}\n`);
  };
  const write = async (entry: TreeEntry) => {
    try {
      await attempt(entry);
    } catch (thrown) {
      // The folder went with the last record while this one was about to be written; from now on it stays.
      if ((thrown as NodeJS.ErrnoException).code !== "ENOENT") throw thrown;
      await attempt(entry);
    }
  };
  const intend = async ({ connectionId, server, cookie }: LedgerEntry) => {
    try {
      const entry = { version: entryVersion, owner: owner(), connectionId, server, cookie } as const;
      entries.set(connectionId, entry);
      await write(entry);
    } catch (thrown) {
      entries.delete(connectionId);
      const message = `the ledger in ${folder} cannot be written: ${messageOf(thrown)}`;
      if (onFailure === "refuse") throw new LifecycleError("LEDGER", message, { server, cause: thrown });
      logger.warn({ err: thrown, server }, `${message}; the server is started all the same`);
    }
  };

  return {
    intend,
    started: async (connectionId, { leader }) => {
      const intent = entries.get(connectionId);
      if (intent === undefined) return;
      const { pid, startTime } = leader;
      await write({ ...intent, leader: { pid, startTime } });
    },
    remove: async (connectionId) => {
      const entry = entries.get(connectionId);
      if (entry === undefined) return;
      entries.delete(connectionId);
      await unlink(join(folder, entryFileName(entry)));
      // The last one to go; while there are others it stays.
      if (entries.size === 0) await rmdir(folder).catch(() => undefined);
    },
  };
}
