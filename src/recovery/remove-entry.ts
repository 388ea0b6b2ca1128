import { readdir, rmdir, unlink } from "node:fs/promises";
import { join } from "node:path";
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
  const rest = await readdir(folder).catch(() => []);
  // What the gateway was writing when it died.
  if (rest.every((name) => name.endsWith(".tmp")))
    for (const draft of rest) await unlink(join(folder, draft)).catch(() => undefined);
  await rmdir(folder).catch(() => undefined);
  return isOurs;
}
