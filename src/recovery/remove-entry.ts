import { unlink } from "node:fs/promises";
import { removeIfWithoutRecords } from "./abandoned-folders.js";
import type { Entry } from "./parse-entry.js";
import type { Filed } from "./read-ledgers.js";

/**
 * Removes the record of what is gone with its gateway, and with the last one the gateway's folder. Resolves with whether it was we who removed
 * it: another reaper may be at it too, and what is done once for a record is done by who removes it. Never rejects.
 */
export async function removeEntry({ file, folder }: Filed<Entry>): Promise<boolean> {
  const isOurs = await unlink(file).then(
    () => true,
    () => false,
  );
  await removeIfWithoutRecords(folder);
  return isOurs;
}
