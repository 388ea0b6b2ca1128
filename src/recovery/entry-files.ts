import { rmdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { makeOwnFolder, replaceFile } from "./ledger-folder.js";
import { type Entry, fileNameOf, textOf } from "./parse-entry.js";

/** The records of one gateway, as they should be on disk, whatever becomes of what is there. */
export interface EntryFiles {
  get(connectionId: string): Held | undefined;
  /** Resolves when it is on disk. Rejects if it cannot be written; it is held all the same. */
  write(connectionId: string, entry: Entry): Promise<void>;
  /** Writes what is not on disk: it was lost, or could not be written before. Rejects if one cannot be. */
  restore(): Promise<void>;
  /** Is not to be written any more. */
  forget(connectionId: string): void;
  /** Rejects if it stays on disk. */
  remove(connectionId: string): Promise<void>;
}

interface Held {
  readonly entry: Entry;
  isOnDisk: boolean;
}

export interface EntryFilesOptions {
  /** In the directory. */
  readonly folder: string;
  readonly directory: string;
}

const attemptsAtMost = 5;

export function createEntryFiles({ folder, directory }: EntryFilesOptions): EntryFiles {
  const held = new Map<string, Held>();
  const turns = new Map<string, Promise<void>>();
  let isMade = false;

  /** Steps with one file follow each other: what is removed shall not be written afterwards. */
  const inTurn = async (connectionId: string, step: () => Promise<void>) => {
    const turn = (turns.get(connectionId) ?? Promise.resolve()).then(step, step);
    turns.set(connectionId, turn);
    try {
      await turn;
    } finally {
      if (turns.get(connectionId) === turn) turns.delete(connectionId);
    }
  };
  const put = async (connectionId: string, attempt = 1): Promise<void> => {
    const record = held.get(connectionId);
    if (record === undefined) return;
    try {
      if (!isMade) for (const each of [directory, folder]) await makeOwnFolder(each);
      isMade = true;
      await replaceFile(folder, fileNameOf(record.entry), textOf(record.entry));
      record.isOnDisk = true;
    } catch (thrown) {
      isMade = false;
      if ((thrown as NodeJS.ErrnoException).code !== "ENOENT") throw thrown;
      // The folder went with the last record while this one was about to be written; or by somebody's hand, and with all of them.
      for (const each of held.values()) each.isOnDisk = false;
      if (attempt === attemptsAtMost) throw thrown;
      await put(connectionId, attempt + 1);
    }
  };
  return {
    get: (connectionId) => held.get(connectionId),
    write: async (connectionId, entry) => {
      held.set(connectionId, { entry, isOnDisk: false });
      await inTurn(connectionId, () => put(connectionId));
    },
    restore: async () => {
      const missing = [...held].filter(([connectionId, { isOnDisk }]) => !isOnDisk && !turns.has(connectionId));
      const tried = await Promise.allSettled(
        missing.map(([connectionId]) => inTurn(connectionId, () => put(connectionId))),
      );
      for (const each of tried) if (each.status === "rejected") throw each.reason;
    },
    forget: (connectionId) => void held.delete(connectionId),
    remove: async (connectionId) => {
      const record = held.get(connectionId);
      if (record === undefined) return;
      held.delete(connectionId);
      try {
        await inTurn(connectionId, () => unlink(join(folder, fileNameOf(record.entry))));
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code !== "ENOENT") throw thrown;
      } finally {
        // The last one to go; while there are others it stays.
        if (held.size === 0) await rmdir(folder).catch(() => undefined);
      }
    },
  };
}
