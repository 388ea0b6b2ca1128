import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Installs packages, in exactly these versions, into a folder of the system's temporary files where they are not there yet: programs to compare
 * with, which nobody who works on this project has to install.
 */
export async function fetchPackages(name, versions) {
  const folder = join(tmpdir(), name);
  const manifest = JSON.stringify({ name, private: true, type: "module", dependencies: versions });
  await mkdir(folder, { recursive: true });
  const done = join(folder, "installed.json");
  if ((await read(done)) !== manifest) {
    await writeFile(join(folder, "package.json"), manifest);
    process.stdout.write(`installing ${Object.keys(versions).join(", ")} in ${folder} …\n`);
    const { code, stderr } = await run("npm", ["install", "--no-audit", "--no-fund"], { cwd: folder });
    if (code !== 0) throw new Error(`npm install in ${folder} ended with ${code}:\n${stderr}`);
    await writeFile(done, manifest);
  }
  return { versions, folder, at: (one) => join(folder, "node_modules", one) };
}

/** Runs a program to its end; gives its output and exit code. */
export async function run(command, args, { cwd, timeoutMs = 300_000 } = {}) {
  const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"], timeout: timeoutMs });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  const [code, signal] = await once(child, "close");
  return { stdout, stderr, code: code ?? signal };
}

function read(path) {
  return readFile(path, "utf8").catch(() => undefined);
}
