import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const dist = fileURLToPath(new URL("../../dist/index.js", import.meta.url));

const host = `
import { createSupervisor } from ${JSON.stringify(dist)};
const command = process.execPath;
const server = (extra) => ({ servers: { files: { command, args: ["-e", SERVER] } }, ...extra });
const SERVER = \`
process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);
let text = ""; process.stdin.on("data", (chunk) => { text += chunk; let at; while ((at = text.indexOf("\\\\n")) >= 0) { const line = text.slice(0, at); text = text.slice(at + 1); const { id, method } = JSON.parse(line);
 if (method === "initialize") console.log(JSON.stringify({ jsonrpc: "2.0", id, result: { protocolVersion: "2025-06-18", capabilities: {}, serverInfo: { name: "x", version: "1" } } }));
 } });
\`;
const ours = createSupervisor(server({}));
const quiet = createSupervisor(server({ signals: false }));
void ours;
const lease = await quiet.session("chat").acquire();
await lease.client("files");
console.log(quiet.inspect().sessions[0].connections[0].pid);
setInterval(() => {}, 1000);
`;

test("should kill what another supervisor holds before it raises the signal again (LP-46)", async () => {
  const child = spawn(process.execPath, ["--input-type=module", "-e", host], {
    stdio: ["ignore", "pipe", "inherit"],
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
  });
  const [chunk] = (await once(child.stdout, "data")) as [Buffer];
  const pid = Number(chunk.toString());
  child.kill("SIGTERM");
  const [, signal] = (await once(child, "exit")) as [number | null, string];
  expect(signal).toBe("SIGTERM");
  await new Promise((resolve) => setTimeout(resolve, 500));
  const isAlive = isRunning(pid);
  if (isAlive) process.kill(pid, "SIGKILL");
  expect(isAlive, `server ${pid} outlived its host`).toBe(false);
});

/** A zombie runs nothing. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

test("should not make a process deaf to SIGTERM when two copies of the package are loaded", async () => {
  // The query gives a second instance of the module that holds the listener, as a second copy of the package would.
  const watch = (copy: number) =>
    JSON.stringify(`${new URL("supervisor/exit-watch.js", `file://${dist}`).href}?copy=${copy}`);
  const code = [1, 2].map(
    (copy) =>
      `(await import(${watch(copy)})).watchExit({ shutdown: async () => {}, killAll() {}, handlesSignals: true });`,
  );
  const child = spawn(
    process.execPath,
    ["--input-type=module", "-e", `${code.join("")} console.log("ready"); setInterval(() => {}, 1000);`],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  await once(child.stdout, "data");
  child.kill("SIGTERM");
  const ended = await Promise.race([
    once(child, "exit").then(() => true),
    new Promise((resolve) => setTimeout(() => resolve(false), 3_000)),
  ]);
  child.kill("SIGKILL");
  expect(ended).toBe(true);
});
