/** Tells the command what ended. Not by the cookie: it would look like a survivor of the tree that it comes after. */
const variable = "MCP_LIFECYCLE_ENDED";

/** What ended, as JSON in an environment variable: ids and the names that the host gave. */
export function endedNotice(ended: {
  readonly connection: string;
  readonly server: string;
  /** Its key. */
  readonly session?: string | undefined;
}): Record<string, string> {
  return { [variable]: JSON.stringify(ended) };
}
