const tokenName = "mcp-lifecycle.token";

/** The gateway refused for want of its token. */
export class Unauthorized extends Error {}

export const token = {
  get: () => sessionStorage.getItem(tokenName) ?? "",
  set: (value) => sessionStorage.setItem(tokenName, value),
  forget: () => sessionStorage.removeItem(tokenName),
};

/** Asks the gateway for what is at a path. Rejects with `Unauthorized`, or with an error that says why there is no answer. */
export async function ask(path) {
  const bearer = token.get();
  const headers = bearer === "" ? {} : { Authorization: `Bearer ${bearer}` };
  const response = await fetch(path, { headers, cache: "no-store", credentials: "omit", redirect: "error" });
  if (response.status === 401) throw new Unauthorized();
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(response.status === 503 ? "shutting down" : `answers ${response.status}`);
  return await response.json();
}
