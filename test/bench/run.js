import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeReport } from "./support/report.js";
import { rowTable } from "./support/table.js";

/** Each group has a table of its own in docs/benchmarks.md. */
const groups = {
  library: [
    "stdio-life.js",
    "memory-life.js",
    "end-of-one.js",
    "ends-at-once.js",
    "proof-among-many.js",
    "session-heap.js",
    "dormant-sessions.js",
    "killed-gateway.js",
    "ledger-record.js",
  ],
  gateway: ["gateway.js"],
};
/** Longest that one may take. SIGTERM ends its servers with it. */
const limitMs = 600_000;

// Ledgers are on, as they are by default, and not in the home of whoever measures.
const state = mkdtempSync(join(tmpdir(), "mcp-bench-"));
process.env.XDG_STATE_HOME = state;
process.on("exit", () => rmSync(state, { recursive: true, force: true }));

// `npm run bench -- gateway` measures one group only.
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(groups);
for (const group of wanted) {
  if (!Object.hasOwn(groups, group)) throw new Error(`no group ${group}; there are ${Object.keys(groups).join(", ")}`);
  const rows = [];
  for (const file of groups[group]) {
    process.stdout.write(`${file} …\n`);
    rows.push(...(await rowsOf(file)));
  }
  process.stdout.write(`${rowTable(rows)}\n`);
  await writeReport(group, rows);
}

/** In a process of its own: one bench's garbage and compiled code are not the next one's. A missed target is no failure. */
async function rowsOf(file) {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), { timeout: limitMs });
  let measured;
  child.once("message", (message) => (measured = message));
  const [code, signal] = await once(child, "exit");
  if (code === 0 && measured !== undefined) return measured;
  throw new Error(`${file} did not run: it ended with ${signal ?? `exit code ${code}`}`);
}
