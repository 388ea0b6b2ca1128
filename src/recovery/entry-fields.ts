import * as z from "zod";

export const entryVersion = 1;

/** Longest name, key or id that a record holds; what is longer is cut when it is written. */
export const longestText = 1_024;

export const text = z.string().max(longestText);

/** A process that cannot be mistaken for a later one with its pid. */
export function identity(lowestPid: number) {
  const pid = z
    .number()
    .int()
    .min(lowestPid)
    .max(2 ** 31 - 1);
  return { pid, startTime: z.string().min(1).max(64) };
}

/** What every record has. */
export const commonFields = {
  version: z.literal(entryVersion),
  // In a container a gateway may well be pid 1; a server never is.
  owner: z.strictObject({ ...identity(1), bootId: text, pidNamespace: text }),
  connectionId: text,
  server: text,
  /** Key of the gateway's session. */
  session: text.optional(),
};
