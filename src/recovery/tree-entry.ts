import * as z from "zod";
import { LifecycleError } from "../errors/index.js";
import { cookiePrefix } from "../processes/index.js";

// Only what a cookie of ours looks like: an empty or a common name would be found in everybody.
const cookie = z.string().regex(new RegExp(`^${cookiePrefix}[0-9a-f]{32}$`), "not a cookie");
const text = z.string().max(1_024);
const startTime = z.string().min(1).max(64);
const identity = (lowestPid: number) => ({
  pid: z
    .number()
    .int()
    .min(lowestPid)
    .max(2 ** 31 - 1),
  startTime,
});

const entrySchema = z.strictObject({
  version: z.literal(1),
  // In a container a gateway may well be pid 1; a server never is.
  owner: z.strictObject({ ...identity(1), bootId: text, pidNamespace: text }),
  connectionId: text,
  server: text,
  cookie,
  leader: z.strictObject(identity(2)).optional(),
});

/** One tree as the ledger's file has it; without a leader it was about to be started. No secrets, no session key. */
export type TreeEntry = z.infer<typeof entrySchema>;

export const entryVersion = 1;

/** Of a gateway that knows more than this one: not ours to judge. */
export class NewerEntryError extends LifecycleError {
  constructor(version: number) {
    super("LEDGER", `it is of version ${version}, and this library knows ${entryVersion}`);
  }
}

/** Names hold nothing but the opaque part of the cookie: server and connection may be called anything. */
export function entryFileName(entry: Pick<TreeEntry, "cookie">): string {
  return `${entry.cookie.slice(cookiePrefix.length)}.json`;
}

/** Reads what stands in a file. Throws a sentence about what is wrong with it. */
export function parseEntry(content: string, fileName: string): TreeEntry {
  const value = jsonOf(content);
  const version = typeof value === "object" && value !== null && "version" in value ? value.version : undefined;
  if (typeof version === "number" && version > entryVersion) throw new NewerEntryError(version);
  const result = entrySchema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new LifecycleError("LEDGER", `${issue?.path.join(".") || "it"}: ${issue?.message}`);
  }
  if (entryFileName(result.data) !== fileName) throw new LifecycleError("LEDGER", "its name is not that of its cookie");
  return result.data;
}

function jsonOf(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    throw new LifecycleError("LEDGER", "it is no JSON, or cut short");
  }
}
