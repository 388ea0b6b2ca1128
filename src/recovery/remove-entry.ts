import { readdir, rmdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { FiledEntry } from "./read-ledgers.js";

/** Removes the record of a tree that is gone with its gateway, and with the last one the gateway's folder. Never rejects. */
export async function removeEntry({ file, folder }: FiledEntry): Promise<void> {
  // Another gateway may be at it too.
  await unlink(file).catch(() => undefined);
  const rest = await readdir(folder).catch(() => []);
  // What the gateway was writing when it died.
  if (rest.every((name) => name.endsWith(".tmp")))
    for (const draft of rest) await unlink(join(folder, draft)).catch(() => undefined);
  await rmdir(folder).catch(() => undefined);
}
