import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Exactly these: a page that is written by script is to say the same of the same. */
const versions = {
  node: "24.21.0",
  "@modelcontextprotocol/conformance": "0.1.16",
  "@modelcontextprotocol/inspector": "2.12.0",
  "@modelcontextprotocol/client": "2.4.0",
};

const folder = join(tmpdir(), "mcp-lifecycle-conformance");
const manifest = JSON.stringify({ name: "conformance-tools", private: true, type: "module", dependencies: versions });

/** Installs them where they are not there yet, and says where they are. Nothing of it comes into this repository. */
export async function fetchTools() {
  await mkdir(folder, { recursive: true });
  const path = join(folder, "package.json");
  const isThere = (await read(join(folder, "installed.json"))) === manifest;
  if (!isThere) {
    await writeFile(path, manifest);
    process.stdout.write(`installing ${Object.keys(versions).join(", ")} in ${folder} …\n`);
    await runOk("npm", ["install", "--no-audit", "--no-fund"], { cwd: folder });
    await writeFile(join(folder, "installed.json"), manifest);
  }
  const at = (name) => join(folder, "node_modules", name);
  return { versions, folder, node: at("node/bin/node"), at };
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

async function runOk(command, args, options) {
  const ended = await run(command, args, options);
  if (ended.code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${ended.code}:\n${ended.stderr}`);
}

function read(path) {
  return readFile(path, "utf8").catch(() => undefined);
}
