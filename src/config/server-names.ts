import type { Problem } from "./problem.js";

/** Longest name that model providers accept for a tool's prefix. */
const longest = 64;

/**
 * The name as model providers accept it in a tool's name: letters, digits, `_` and `-`, 64 of them at most. Two servers of one map
 * never share one: that is a `ConfigError`.
 */
export function safeServerName(name: string): string {
  return name.replaceAll(/[^a-zA-Z0-9_-]/g, "_").slice(0, longest);
}

/** Names that are empty, or that nobody could tell apart once they are made safe. */
export function nameProblems(path: readonly PropertyKey[], names: readonly string[]): Problem[] {
  const owners = new Map<string, string>();
  return names.flatMap((name) => {
    if (name === "") return [{ path: [...path, name], text: "a server's name must not be empty" }];
    const safe = safeServerName(name);
    const owner = owners.get(safe);
    if (owner === undefined) {
      owners.set(safe, name);
      return [];
    }
    const text = `${JSON.stringify(owner)} and ${JSON.stringify(name)} are both ${safe} in a tool's name; rename one`;
    return [{ path: [...path, name], text }];
  });
}
