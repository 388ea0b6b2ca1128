import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, open, rename, unlink } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { LifecycleError } from "../errors/index.js";
import { makeFolders } from "./make-folders.js";

const ownerOnlyFolder = 0o700;
const ownerOnlyFile = 0o600;
const writableByOthers = 0o022;

/** Where all gateways of a user have their ledgers, unless told otherwise: the XDG base directory for state. */
export function defaultLedgerDirectory(env: NodeJS.ProcessEnv = process.env): string {
  const configured = env["XDG_STATE_HOME"];
  // The specification has relative paths ignored. One with a line break could not be told to the guardian.
  const isUsable = configured !== undefined && isAbsolute(configured) && !configured.includes("\n");
  const base = isUsable ? configured : join(homedir(), ".local", "state");
  return join(base, "mcp-lifecycle");
}

/** Makes a folder that only we can write to. Throws if it is there and somebody else can. */
export async function makeOwnFolder(path: string): Promise<void> {
  await makeFolders(path, { mode: ownerOnlyFolder });
  const problem = folderProblem(await lstat(path));
  if (problem !== undefined) throw new LifecycleError("LEDGER", `${path} ${problem}`);
}

/** Why what stands in a folder is not to be believed. */
export function folderProblem(stats: Stats): string | undefined {
  return stats.isDirectory() ? ownershipProblem(stats) : "is not a folder";
}

/** Why a file is not to be believed by what it is, whatever stands in it. */
export function fileProblem(stats: Stats): string | undefined {
  return stats.isFile() ? ownershipProblem(stats) : "is not a regular file";
}

/** Writes a file so that after a crash at any moment there is the old one, the new one, or none. */
export async function replaceFile(folder: string, name: string, content: string): Promise<void> {
  const path = join(folder, name);
  const draft = `${path}.tmp`;
  const file = await openNew(draft).catch(async (thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== "EEXIST") throw thrown;
    await unlink(draft);
    return await openNew(draft);
  });
  try {
    await writeAll(file, content);
    await rename(draft, path);
  } catch (thrown) {
    // What does not fit on a full disk shall not take what is left of it.
    await unlink(draft).catch(() => undefined);
    throw thrown;
  }
  await syncFolder(folder);
}

function openNew(path: string): Promise<FileHandle> {
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  // O_NOFOLLOW does not exist on Windows.
  return open(path, O_WRONLY | O_CREAT | O_EXCL | (O_NOFOLLOW ?? 0), ownerOnlyFile);
}

async function writeAll(file: FileHandle, content: string): Promise<void> {
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The name is on disk only when the folder is. */
async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders.
  if (process.platform === "win32") return;
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function ownershipProblem({ uid, mode }: Stats): string | undefined {
  const user = process.getuid?.();
  if (user === undefined) return undefined;
  if (uid !== user) return `belongs to user ${uid}`;
  return (mode & writableByOthers) === 0 ? undefined : "can be written by others";
}
