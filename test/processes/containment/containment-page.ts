import type { Level } from "./levels.js";

/** What became of a tree, by the witness: `caught`: nobody of it is left. `reported`: somebody is, and the end says so. `missed`: it does not. */
export type Verdict = "caught" | "reported" | "missed";

const introduction = `# What each level of containment catches

Hostile servers that try to get away, started at each level and ended; who is left is said by the kernel (a pipe that every process of the
server holds), not by this library. Made by \`test/processes/containment/levels.test.ts\` from what happened in its run
(\`npm run docs:containment\` writes it anew), as root on Linux.

- **caught**: no process was left, and the end said so.
- **missed**: a process was left, and nothing recognised it.`;

const reading = `In a group, a process is missed that clears its environment, leaves group and session and outlives its parent between two looks. In a cgroup it is
not: one is born into it, and nothing but the right to write to another cgroup leads out; the cookie, the group and descent are looked for
beneath all the same. In a pid namespace there is no way out at all: with its first process everybody in it is killed by the kernel.`;

/** The text of \`docs/containment.md\`. */
export function containmentPage(rows: ReadonlyMap<string, Readonly<Record<Level, Verdict>>>): string {
  const lines = [...rows].map(([what, { group, cgroup, namespace }]) => [what, group, cgroup, namespace]);
  const head = ["a server that", "group", "cgroup", "namespace"];
  const table = [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  return `${[introduction, "<!-- prettier-ignore-start -->", table, "<!-- prettier-ignore-end -->", reading].join("\n\n")}\n`;
}
