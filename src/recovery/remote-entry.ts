import * as z from "zod";
import { commonFields, text } from "./entry-fields.js";

const url = text.refine(isBare, "not an http or https URL without credentials, query and fragment");

/** What stands in the file of an HTTP session. */
export const remoteEntrySchema = z.strictObject({
  ...commonFields,
  /** Opaque; its file is named after it. */
  record: z.string().regex(/^[0-9a-f]{32}$/, "not a record's name"),
  remote: z.strictObject({
    url,
    /** Visible ASCII, as the protocol has it: it becomes a header. */
    sessionId: text.regex(/^[\x21-\x7e]+$/, "not a session id"),
    /** The server's URL had a query, which may be what it is found by. It may be secret, too, and is not recorded. */
    hadQuery: z.boolean(),
  }),
  /** How often a reaper tried in vain to delete it. */
  tries: z.number().int().min(0).max(1_000),
});

/** A session that an HTTP server keeps for a gateway. */
export type RemoteEntry = z.infer<typeof remoteEntrySchema>;

export function remoteFileName({ record }: Pick<RemoteEntry, "record">): string {
  return `${record}.json`;
}

function isBare(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password, search, hash } = new URL(value);
  return /^https?:$/.test(protocol) && username + password + search + hash === "";
}
