const longest = 30;

/**
 * Names of servers as model providers accept them in a tool's name: letters, digits, `_` and `-`, 30 at most, no two that differ in case
 * only; whoever comes second gets a number. OpenClaw's own rule, so that the model sees the same tools with and without this manager:
 * since 2026.9 a name has to begin with a letter too (`startWithLetter`).
 */
export function safeServerNames(
  names: readonly string[],
  { startWithLetter }: { startWithLetter: boolean },
): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  return new Map(names.map((name) => [name, freeName(fragment(name, startWithLetter), taken)]));
}

function fragment(name: string, startWithLetter: boolean): string {
  const safe = name.trim().replaceAll(/[^A-Za-z0-9_-]/g, "-") || "mcp";
  return (startWithLetter && !/^[A-Za-z]/.test(safe) ? `mcp-${safe}` : safe).slice(0, longest);
}

function freeName(base: string, taken: Set<string>): string {
  let name = base;
  for (let count = 2; taken.has(name.toLowerCase()); count += 1) {
    const suffix = `-${count}`;
    name = `${base.slice(0, longest - suffix.length)}${suffix}`;
  }
  taken.add(name.toLowerCase());
  return name;
}
