import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const dist = fileURLToPath(new URL("../../dist/index.js", import.meta.url));

// As that of `signal-exit`: it ends the process only if everybody who listens is a copy of it.
const signalExit = (store: string) => `
const emitter = (${store} = { count: 1 });
process.on("SIGTERM", function passive() {
  if (process.listeners("SIGTERM").length !== emitter.count) return;
  process.off("SIGTERM", passive);
  process.kill(process.pid, "SIGTERM");
});`;

test.each([
  ["of today", 'globalThis[Symbol.for("signal-exit emitter")]'],
  ["of before", "process.__signal_exit_emitter__"],
])("should not take the listener of signal-exit, %s, for a host that ends itself", async (_when, store) => {
  const host = `
import { createSupervisor } from ${JSON.stringify(dist)};
createSupervisor({ servers: {} });
${signalExit(store)}
console.log("ready");
setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", host], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  child.kill("SIGTERM");
  const ended = await Promise.race([
    once(child, "exit").then(([, signal]) => signal as string),
    new Promise((resolve) => setTimeout(() => resolve("nothing"), 10_000)),
  ]);
  child.kill("SIGKILL");
  expect(ended).toBe("SIGTERM");
});
