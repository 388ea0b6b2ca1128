import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));
const server = fileURLToPath(new URL("../server.js", import.meta.url));

/** The built gateway on a free port, in front of the suite's server, with names as that has them. */
export async function startGateway() {
  const folder = await mkdtemp(join(tmpdir(), "mcp-conformance-"));
  const config = join(folder, "mcp.json");
  await writeFile(config, JSON.stringify({ mcpServers: { suite: { command: process.execPath, args: [server] } } }));
  const args = ["gateway", "--config", config, "--port", "0", "--no-prefix", "--no-ledger"];
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const url = await urlIn(child.stdout, exited);
  return {
    url,
    overview: async () => (await fetch(new URL("/sessions", url))).json(),
    end: async () => {
      child.kill("SIGTERM");
      await exited;
      await rm(folder, { recursive: true });
    },
  };
}

async function urlIn(stdout, exited) {
  let said = "";
  const over = exited.then(([code]) => {
    throw new Error(`the gateway ended with ${code}:\n${said}`);
  });
  const found = new Promise((resolve) => {
    stdout.setEncoding("utf8").on("data", (text) => {
      said += text;
      const [url] = /http:\S+\/mcp/.exec(said) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
  return await Promise.race([found, over]);
}
