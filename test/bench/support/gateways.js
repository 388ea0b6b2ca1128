import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { freePort } from "../../../dist/cli/demo/free-port.js";
import { fetchPackages } from "../../fetched/packages.js";

const main = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));
/** What is left after so long is left. */
const patienceMs = 6_000;

/** Our gateway in front of one server, as a process of its own; a client is lost when it is away for `clientLostMs`. */
export async function startOurs(server, { clientLostMs }) {
  const folder = await mkdtemp(join(tmpdir(), "mcp-bench-"));
  const mark = randomMark();
  const config = join(folder, "mcp.json");
  const env = { ...server.env, [mark]: "1", XDG_STATE_HOME: folder };
  await writeFile(config, JSON.stringify({ mcpServers: { server: { ...server, env } } }));
  const port = await freePort();
  const args = ["gateway", "--config", config, "--port", String(port), "--client-lost", String(clientLostMs)];
  const limits = ["--log-level", "error", "--max-sessions-per-client", "256"];
  const gateway = start([main, ...args, ...limits], { mark, port, env });
  await gateway.listening();
  return { ...gateway, tool: "server__echo", dispose: () => rm(folder, { recursive: true, force: true }) };
}

/** supergateway in front of the same, a session for each client. */
export async function startSupergateway(server, { clientLostMs }) {
  const { at, versions } = await fetchPackages("mcp-lifecycle-bench", { supergateway: "4.0.0" });
  const mark = randomMark();
  const port = await freePort();
  const command = [server.command, ...server.args].map((word) => `"${word}"`).join(" ");
  const options = ["--outputTransport", "streamableHttp", "--stateful", "--sessionTimeout", String(clientLostMs)];
  const args = ["--stdio", command, ...options, "--port", String(port), "--logLevel", "none"];
  const gateway = start([join(at("supergateway"), "dist/index.js"), ...args], { mark, port, env: server.env });
  await gateway.listening();
  return { ...gateway, tool: "echo", version: versions.supergateway, dispose: () => Promise.resolve() };
}

function start(args, { mark, port, env }) {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env, [mark]: "1" }, stdio: "ignore" });
  const exited = once(child, "exit");
  // A bench that fails leaves nothing either.
  const endIt = () => child.kill("SIGTERM");
  process.once("exit", endIt);
  child.once("exit", () => process.off("exit", endIt));
  const url = new URL(`http://127.0.0.1:${port}/mcp`);
  const isServer = ({ command }) => command.includes("hostile/server.js") && !command.includes("--stdio");
  const all = () => processesWith(mark);
  return {
    url,
    exited,
    kill: (signal) => child.kill(signal),
    listening: async () => {
      while (
        !(await fetch(url, { method: "OPTIONS" }).then(
          () => true,
          () => false,
        ))
      )
        await pause(20);
    },
    connect: async () => {
      const client = new Client({ name: "bench", version: "1.0.0" });
      const transport = new StreamableHTTPClientTransport(url);
      await client.connect(transport);
      return { client, transport };
    },
    servers: async () => (await all()).filter(isServer).length,
    /** Servers that are there still when everything that ends them has had its time. */
    left: async () => {
      const count = async () => (await all()).filter(isServer).length;
      for (const until = performance.now() + patienceMs; (await count()) > 0 && performance.now() < until;)
        await pause(50);
      return await count();
    },
    /** Bytes that the gateway's own processes have to themselves, what they share divided. */
    ownBytes: async () => {
      const own = (await all()).filter((one) => !isServer(one));
      const sizes = await Promise.all(own.map(({ pid }) => pssOf(pid)));
      return sizes.reduce((sum, size) => sum + size, 0);
    },
    killRest: async () => {
      for (const { pid } of await all()) process.kill(Number(pid), "SIGKILL");
    },
  };
}

async function processesWith(mark) {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const seen = await Promise.all(
    pids.map(async (pid) => ({ pid, env: await read(pid, "environ"), command: await read(pid, "cmdline") })),
  );
  return seen.filter(({ env }) => env.includes(`${mark}=1`));
}

async function pssOf(pid) {
  const [, kib = "0"] = /^Pss:\s+(\d+)/m.exec(await read(pid, "smaps_rollup")) ?? [];
  return Number(kib) * 1_024;
}

async function read(pid, file) {
  return (await readFile(`/proc/${pid}/${file}`, "latin1").catch(() => "")).replaceAll("\0", " ");
}

const randomMark = () => `BENCH_GATEWAY_${randomBytes(6).toString("hex")}`;
