import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { until } from "./until.js";

export interface HostRun {
  readonly output: string;
  /** Absent if it was still there 2 s after its last word. */
  readonly code: number | null | undefined;
}

const hosts = fileURLToPath(new URL("../hosts/", import.meta.url));

/**
 * Runs a host program of `hosts/` in a process of its own: only there can be seen what keeps a host from exiting. It gets `args` in
 * `process.argv` and says `done` as its last word.
 */
export async function runHost(name: string, args: readonly string[]): Promise<HostRun> {
  // Sources, not the build: vite is what the tests are run by anyway.
  const load = `import("vite").then((vite) => vite.runnerImport(${JSON.stringify(`${hosts}${name}`)}))`;
  const host = spawn(process.execPath, ["-e", load, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void host.kill("SIGKILL"));
  let output = "";
  let code: number | null | undefined;
  for (const pipe of [host.stdout, host.stderr]) pipe.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(host, "exit").then(([status]) => (code = status as number | null));
  await until(
    () => code !== undefined || output.includes("done"),
    () => `the host said ${JSON.stringify(output)}`,
    30_000,
  );
  await Promise.race([exited, until(() => code !== undefined, "still there", 2_000).catch(() => undefined)]);
  return { output, code };
}
