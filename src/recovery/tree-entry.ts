import * as z from "zod";
import { cookiePrefix } from "../processes/index.js";
import { commonFields, identity, text } from "./entry-fields.js";

// Only what a cookie of ours looks like: an empty or a common name would be found in everybody.
const cookie = z.string().regex(new RegExp(`^${cookiePrefix}[0-9a-f]{32}$`), "not a cookie");
const word = z.string().max(8_192);

const recordedCommand = z.strictObject({
  command: word.min(1),
  args: z.array(word).max(256),
  cwd: word.optional(),
  timeoutMs: z
    .number()
    .min(0)
    .lt(2 ** 31)
    .optional(),
  env: z.array(text).max(256).optional(),
});

/** What stands in the file of a tree. */
export const treeEntrySchema = z.strictObject({
  ...commonFields,
  cookie,
  leader: z.strictObject(identity(2)).optional(),
  containment: z.enum(["group", "cgroup", "namespace", "job"]).optional(),
  // Believed only where it has the name that the cookie gives it.
  cgroup: z.string().max(4_096).optional(),
  afterClose: recordedCommand.optional(),
  // Its gateway could not prove it gone, and tries again.
  isLeaked: z.literal(true).optional(),
});

/** One tree as the ledger's file has it; without a leader it was about to be started. No environment, no secrets of ours. */
export type TreeEntry = z.infer<typeof treeEntrySchema>;

/** Names hold nothing but the opaque part of the cookie: server and connection may be called anything. */
export function entryFileName(entry: Pick<TreeEntry, "cookie">): string {
  return `${entry.cookie.slice(cookiePrefix.length)}.json`;
}
