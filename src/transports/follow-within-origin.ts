import type { FetchLike } from "@modelcontextprotocol/sdk/shared/transport.js";

const maxRedirects = 5;

/**
 * Fetches and follows redirects that keep the method, within the origin or to its https form, as the SDK does for its own requests: a
 * session id is for nobody else. Any other redirect is returned as it came.
 */
export async function followWithinOrigin(fetch: FetchLike, url: URL, init: RequestInit): Promise<Response> {
  let from = url;
  for (let redirects = 0; ; redirects += 1) {
    const response = await fetch(from, { ...init, redirect: "manual" });
    const to = redirectTarget(response, from);
    if (!to || redirects === maxRedirects) return response;
    await response.body?.cancel();
    from = to;
  }
}

function redirectTarget({ status, headers }: Response, from: URL): URL | undefined {
  const location = headers.get("location");
  if (location === null || (status !== 307 && status !== 308) || !URL.canParse(location, from.href)) return undefined;
  const to = new URL(location, from);
  const upgrade = from.protocol === "http:" && to.protocol === "https:" && from.port === "" && to.port === "";
  const same = to.hostname === from.hostname && (to.origin === from.origin || upgrade);
  return same && to.username === "" && to.password === "" ? to : undefined;
}
