import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a folder and those above it, as `mkdir` with `recursive` does. That one never returns on Node 20 where the system says ENOENT although
 * the folder above is there, as it does below `/proc`, and would keep a thread and every server that waits for its record.
 */
export async function makeFolders(path: string, options: { readonly mode?: number } = {}): Promise<void> {
  try {
    await mkdir(path, options);
  } catch (thrown) {
    if (await isFolder(path)) return;
    const above = dirname(path);
    if ((thrown as NodeJS.ErrnoException).code !== "ENOENT" || (await isFolder(above))) throw thrown;
    await makeFolders(above, options);
    await makeFolders(path, options);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
