import { LifecycleError } from "../errors/index.js";
import { entryVersion } from "./entry-fields.js";
import { type RemoteEntry, remoteEntrySchema, remoteFileName } from "./remote-entry.js";
import { entryFileName, type TreeEntry, treeEntrySchema } from "./tree-entry.js";

export type Entry = TreeEntry | RemoteEntry;

/** Larger files are not read. */
export const largestEntryBytes = 16 * 1024;

/** Of a gateway that knows more than this one: not ours to judge. */
export class NewerEntryError extends LifecycleError {
  constructor(version: number) {
    super("LEDGER", `it is of version ${version}, and this library knows ${entryVersion}`);
  }
}

export function isRemote(entry: Entry): entry is RemoteEntry {
  return "remote" in entry;
}

export function fileNameOf(entry: Entry): string {
  return isRemote(entry) ? remoteFileName(entry) : entryFileName(entry);
}

/** What is written of a record. */
export function textOf(entry: Entry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** Reads what stands in a file. Throws a sentence about what is wrong with it. */
export function parseEntry(content: string, fileName: string): Entry {
  const value = jsonOf(content);
  const fields = typeof value === "object" && value !== null ? value : {};
  const version = "version" in fields ? fields.version : undefined;
  if (typeof version === "number" && version > entryVersion) throw new NewerEntryError(version);
  const result = ("remote" in fields ? remoteEntrySchema : treeEntrySchema).safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new LifecycleError("LEDGER", `${issue?.path.join(".") || "it"}: ${issue?.message}`);
  }
  if (fileNameOf(result.data) !== fileName) throw new LifecycleError("LEDGER", "its name is not that of its cookie");
  return result.data;
}

function jsonOf(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    throw new LifecycleError("LEDGER", "it is no JSON, or cut short");
  }
}
