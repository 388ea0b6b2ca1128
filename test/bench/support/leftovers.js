import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

const marker = "MCP_LIFECYCLE_TEST_RUN";
const patienceMs = 3_000;

/** Every server started from now on carries a mark of this process alone. */
export function markServers() {
  process.env[marker] = randomBytes(8).toString("hex");
}

/** Rejects with a sentence that names what outlived the bench. What was told to end a moment ago gets a moment. */
export async function requireNothingLeft() {
  // Without /proc nobody's environment can be read; the servers end by themselves two minutes after their start.
  if (process.platform !== "linux") return;
  const deadline = performance.now() + patienceMs;
  let left = marked();
  for (; left.length > 0 && performance.now() < deadline; left = marked()) await pause(50);
  if (left.length === 0) return;
  throw new Error(`${left.length} processes outlived the bench: ${left.join(", ")}`);
}

/** Whether any server of this process lives, or what it started. */
export function isMarked() {
  return marked().length > 0;
}

function marked() {
  const mark = `${marker}=${process.env[marker]}`;
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.filter((pid) => read(pid, "environ").includes(mark)).map((pid) => `${pid} (${read(pid, "cmdline")})`);
}

function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}
