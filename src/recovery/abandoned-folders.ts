import { lstat, readdir, rmdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../ports/index.js";
import type { ProcessTable } from "../processes/index.js";
import { folderProblem } from "./ledger-folder.js";

/** As a gateway names its own: its pid, and what nobody else has. */
const nameOfGateway = /^(\d+)-[0-9a-f]{16}$/;

/** One that was touched a moment ago may be about to be written to. */
const youngMs = 60_000;

/**
 * Removes folders of gateways that were killed before their first record was written: there is nothing in them but drafts, and nobody has their pid.
 * Should one live all the same, elsewhere, it makes its folder anew. Never rejects.
 */
export async function removeAbandonedFolders(
  directory: string,
  { clock, table }: { readonly clock: Clock; readonly table: ProcessTable },
): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names) {
    const pid = nameOfGateway.exec(name)?.[1];
    if (pid === undefined || table.read(Number(pid)) !== "gone") continue;
    const folder = join(directory, name);
    const stats = await lstat(folder).catch(() => undefined);
    if (stats === undefined || folderProblem(stats) !== undefined || clock.now() - stats.mtimeMs < youngMs) continue;
    await removeIfWithoutRecords(folder);
  }
}

/** Removes a folder in which nothing is but what its gateway was writing when it died. Never rejects. */
export async function removeIfWithoutRecords(folder: string): Promise<void> {
  const rest = await readdir(folder).catch(() => []);
  if (rest.every((name) => name.endsWith(".tmp")))
    for (const draft of rest) await unlink(join(folder, draft)).catch(() => undefined);
  await rmdir(folder).catch(() => undefined);
}
