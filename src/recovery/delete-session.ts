import type { FetchLike } from "@modelcontextprotocol/sdk/shared/transport.js";
import { messageOf } from "../errors/index.js";
import type { Clock } from "../ports/index.js";
import { followWithinOrigin } from "../transports/follow-within-origin.js";
import type { RemoteEntry } from "./remote-entry.js";

/** As long as a gateway gives its goodbye by default. */
const limitMs = 5_000;

/**
 * Deletes an HTTP session that a dead gateway left: 2xx, 404 (gone) and 405 (the server lets nobody delete) are success. Resolves with what was wrong,
 * a sentence, or with nothing; never rejects.
 */
export async function deleteSession(
  { remote: { url, sessionId, hadQuery } }: RemoteEntry,
  { fetch, clock }: { readonly fetch: FetchLike; readonly clock: Clock },
): Promise<string | undefined> {
  const limit = new AbortController();
  const timer = clock.setTimeout(() => limit.abort(new Error(`no answer within ${limitMs} ms`)), limitMs);
  try {
    const init = { method: "DELETE", headers: { "mcp-session-id": sessionId }, signal: limit.signal };
    const response = await followWithinOrigin(fetch, new URL(url), init);
    // Its body says nothing of use, and may never end.
    void response.body?.cancel().catch(() => undefined);
    return problemOf(response, hadQuery);
  } catch (thrown) {
    return `DELETE failed: ${messageOf(limit.signal.aborted ? limit.signal.reason : thrown)}`;
  } finally {
    clock.clearTimeout(timer);
  }
}

function problemOf({ ok, status }: Response, hadQuery: boolean): string | undefined {
  if (status === 404 && hadQuery)
    return "the server answered 404; its URL had a query, which no record holds, and may not be found without. It will end the session by its own limits";
  if (ok || status === 404 || status === 405) return undefined;
  if (status === 401 || status === 403)
    return `the server answered ${status}: it wants credentials, and no record holds any. Send it DELETE with them, and with the session's id from the record as mcp-session-id; or let it end the session by its own limits`;
  return `DELETE was answered with HTTP ${status}`;
}
