import { constants } from "node:fs";
import { lstat, open, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { LifecycleError, messageOf } from "../errors/index.js";
import { fileProblem, folderProblem } from "./ledger-folder.js";
import { type Entry, isRemote, largestEntryBytes, NewerEntryError, parseEntry } from "./parse-entry.js";
import type { RemoteEntry } from "./remote-entry.js";
import type { TreeEntry } from "./tree-entry.js";

/** A record and where it stands. */
export interface Filed<Of extends Entry> {
  readonly folder: string;
  readonly file: string;
  readonly entry: Of;
}

export type FiledEntry = Filed<TreeEntry>;
export type FiledRemote = Filed<RemoteEntry>;

/** Something in the ledger's folder that is not to be acted on. */
export interface BadFile {
  readonly file: string;
  readonly problem: string;
  /** It may be another version's; it is left where it is. */
  readonly isForeign: boolean;
}

export interface LedgerContents {
  /** Of trees. */
  readonly entries: readonly FiledEntry[];
  /** Of HTTP sessions. */
  readonly remotes?: readonly FiledRemote[];
  readonly bad: readonly BadFile[];
}

/** Where records of all gateways are kept. None of it rejects, but `read` where nothing can be read at all. */
export interface LedgerRecords {
  read(): Promise<LedgerContents>;
  /** Puts a bad one out of the way. */
  setAside(bad: BadFile): Promise<void>;
  /** What it is of is gone, or given up. Resolves with false if somebody else removed it. */
  remove(entry: Filed<Entry>): Promise<boolean | void>;
  /** Its session could not be deleted, so often by now. */
  noteTry(entry: FiledRemote, tries: number): Promise<void>;
}

const entryName = /^.*\.json$/s;

/** Reads the ledgers of all gateways, or only the folders of that name; changes nothing. What cannot be believed is `bad`; never rejects. */
export async function readLedgers(directory: string, only?: readonly string[]): Promise<LedgerContents> {
  const entries: FiledEntry[] = [];
  const remotes: FiledRemote[] = [];
  const bad: BadFile[] = [];
  const reject = (file: string, thrown: unknown, isForeign = thrown instanceof NewerEntryError) => {
    // Removed by its gateway meanwhile, or never there.
    if ((thrown as NodeJS.ErrnoException).code !== "ENOENT") bad.push({ file, problem: messageOf(thrown), isForeign });
  };
  const wanted = only && new Set(only.map((name) => join(directory, name)));
  for (const folder of (await namesIn(directory, reject)).filter((each) => wanted?.has(each) ?? true)) {
    for (const file of (await namesIn(folder, reject)).filter((name) => entryName.test(name))) {
      try {
        const entry = parseEntry(await readOwnFile(file), file.slice(folder.length + 1));
        if (isRemote(entry)) remotes.push({ folder, file, entry });
        else entries.push({ folder, file, entry });
      } catch (thrown) {
        reject(file, thrown);
      }
    }
  }
  return { entries, remotes, bad };
}

/** Puts a bad record out of the way, where somebody may look at it. Never rejects. */
export async function setAside({ file, isForeign }: BadFile): Promise<void> {
  // `rename` follows no link, and so touches nothing but the name.
  if (!isForeign) await rename(file, `${file}.bad`).catch(() => undefined);
}

async function namesIn(
  folder: string,
  reject: (file: string, thrown: unknown, isForeign: boolean) => void,
): Promise<string[]> {
  try {
    const problem = folderProblem(await lstat(folder));
    if (problem !== undefined) throw new LifecycleError("LEDGER", `it ${problem}`);
    return (await readdir(folder)).map((name) => join(folder, name));
  } catch (thrown) {
    reject(folder, thrown, true);
    return [];
  }
}

async function readOwnFile(path: string): Promise<string> {
  // Before it is opened: opening a pipe or a device can do anything.
  requireOwn(fileProblem(await lstat(path)));
  const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
  const file = await open(path, O_RDONLY | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0));
  try {
    const stats = await file.stat();
    requireOwn(fileProblem(stats));
    requireOwn(stats.size > largestEntryBytes ? `has ${stats.size} bytes` : undefined);
    const buffer = Buffer.alloc(largestEntryBytes);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}

function requireOwn(problem: string | undefined): void {
  if (problem !== undefined) throw new LifecycleError("LEDGER", `it ${problem}`);
}
