import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { freePort } from "../../../dist/cli/demo/free-port.js";
import { startModel } from "./model.js";
import { commandOf, family, marked } from "./processes.js";
import { waitFor } from "./wait.js";

const startMs = 180_000;
const stopMs = 60_000;
const commandMs = 300_000;
const agents = 24;

/** Runs `work` with a gateway that is gone, with all it started, when that is done. */
export async function inWorld(openclaw, options, work) {
  const world = await startWorld(openclaw, options);
  try {
    return await work(world);
  } finally {
    await world.end();
  }
}

/**
 * One gateway of a real OpenClaw, with a home, a state and a model of its own, all in one temporary folder and on loopback. `servers` makes
 * OpenClaw's configuration of MCP servers from a variable that marks their processes; `plugin` is the folder of the plugin to load.
 */
async function startWorld(openclaw, { servers, plugin, idleMinutes }) {
  const folder = mkdtempSync(join(tmpdir(), "mcp-lifecycle-openclaw-"));
  const mark = `OPENCLAW_TEST_${randomBytes(8).toString("hex")}`;
  const model = await startModel();
  const port = await freePort();
  const state = join(folder, "state");
  mkdirSync(state);
  const configFile = join(state, "openclaw.json");
  writeFileSync(
    configFile,
    JSON.stringify(
      configuration({ openclaw, folder, port, model, servers: servers({ [mark]: "1" }), plugin, idleMinutes }),
    ),
  );
  const env = {
    PATH: [openclaw.path, process.env.PATH].join(delimiter),
    HOME: folder,
    OPENCLAW_STATE_DIR: state,
    OPENCLAW_CONFIG_PATH: configFile,
    ...quiet,
  };
  const gateway = spawn(openclaw.node, [openclaw.entry, "gateway", "run", "--port", String(port)], {
    env,
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const pipe of [gateway.stdout, gateway.stderr]) pipe.on("data", (chunk) => (log += chunk));
  // Whoever stops this program stops what it started.
  const stopAll = () => family({ mark, ancestor: gateway.pid }).forEach((pid) => kill(pid, "SIGKILL"));
  process.once("exit", stopAll);
  const isOver = () => gateway.exitCode !== null || gateway.signalCode !== null;

  const world = {
    mark,
    log: () => log,
    alive: () => marked(mark),
    /** The gateway, what it has started, and what that has started. */
    family: () => family({ mark, ancestor: gateway.pid }),
    keyOf: (number) => sessionOf(openclaw, number).key,
    /** One message to that session; gives what was answered. */
    say: async (number) => {
      const reply = await world.command("agent", ...sessionOf(openclaw, number).target, "--message", "hello", "--json");
      // A client that does not reach the gateway in time runs the agent itself, and is no evidence of anything.
      if (reply.runId === undefined) throw new Error("the client did not reach the gateway, and ran the agent itself");
      return reply.result?.payloads?.[0]?.text;
    },
    call: (method, params) =>
      world.command("gateway", "call", method, "--params", JSON.stringify(params), "--timeout", "120000", "--json"),
    command: async (...args) => JSON.parse(await runCommand(openclaw, args, { env, cwd: folder })),
    stop: async (signal) => {
      // A launcher hands on what it can; of SIGKILL it hears nothing.
      const pids = signal === "SIGKILL" ? gatewayPids(gateway.pid, mark) : [gateway.pid];
      for (const pid of pids) kill(pid, signal);
      await waitFor(isOver, { withinMs: stopMs, what: () => `the gateway did not stop; it said:\n${log}` });
    },
    end: async () => {
      if (!isOver()) {
        stopAll();
        await waitFor(isOver, { withinMs: stopMs, what: () => "the gateway was not killed" });
      }
      process.off("exit", stopAll);
      model.close();
      // Who was seen may have started somebody meanwhile.
      const noneLeft = () => marked(mark).map((pid) => kill(pid, "SIGKILL")).length === 0;
      await waitFor(noneLeft, { withinMs: stopMs, what: () => "there are always more servers" });
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  try {
    const ready = () => /\[gateway\] ready/.test(log) || isOver();
    await waitFor(ready, { withinMs: startMs, what: () => `the gateway did not get ready; it said:\n${log}` });
    if (isOver()) throw new Error(`the gateway ended at once; it said:\n${log}`);
    // The first client is slow: it pairs with the gateway, and loads code that the next ones find loaded.
    await world.call("sessions.list", {});
  } catch (error) {
    await world.end();
    throw error;
  }
  return world;
}

/** Nothing that looks for anybody outside of this machine, and nothing that another test's gateway might own. */
const quiet = {
  OPENCLAW_NO_RESPAWN: "1",
  OPENCLAW_DISABLE_BONJOUR: "1",
  OPENCLAW_SKIP_CHANNELS: "1",
  OPENCLAW_SKIP_CANVAS_HOST: "1",
  OPENCLAW_SKIP_GMAIL_WATCHER: "1",
  OPENCLAW_SKIP_CRON: "1",
  OPENCLAW_SKIP_ACPX_RUNTIME: "1",
  NO_COLOR: "1",
};

function configuration({ openclaw, folder, port, model, servers, plugin, idleMinutes }) {
  const models = [{ id: "standin", name: "standin", contextWindow: 128_000, maxTokens: 4_096 }];
  const list = Array.from({ length: agents }, (_, index) => ({ id: agentName(index + 1) }));
  return {
    gateway: { mode: "local", port, bind: "loopback", auth: { mode: "token", token: randomBytes(8).toString("hex") } },
    discovery: { mdns: { mode: "off" } },
    models: { providers: { standin: { baseUrl: model.baseUrl, apiKey: "none", api: "openai-completions", models } } },
    agents: {
      defaults: {
        model: { primary: "standin/standin" },
        workspace: join(folder, "workspace"),
        skipBootstrap: true,
        heartbeat: { every: "0m" },
      },
      list: [{ id: "main", default: true }, ...list],
    },
    ...(idleMinutes !== undefined && { session: { reset: { mode: "idle", idleMinutes } } }),
    mcp: { servers },
    ...(plugin !== undefined && {
      plugins: { load: { paths: [plugin] }, entries: { "mcp-lifecycle": { enabled: true } } },
    }),
    // Since 2026.9 tools stand behind a search, unless it is off.
    ...(openclaw.version !== "2026.4.9" && { tools: { toolSearch: false } }),
  };
}

const agentName = (number) => `session-${number}`;

/** A session for each agent: the main one or, since 2026.9, which deletes no main one, another. */
function sessionOf(openclaw, number) {
  const agent = ["--agent", agentName(number)];
  if (openclaw.version === "2026.4.9") return { key: `agent:${agentName(number)}:main`, target: agent };
  const key = `agent:${agentName(number)}:errand`;
  return { key, target: [...agent, "--session-key", key] };
}

function runCommand(openclaw, args, options) {
  return new Promise((resolve, reject) => {
    const limits = { timeout: commandMs, maxBuffer: 64 * 1024 * 1024 };
    execFile(openclaw.node, [openclaw.entry, ...args], { ...options, ...limits }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.slice(stdout.indexOf("{")));
      else
        reject(
          new Error(`openclaw ${args.slice(0, 3).join(" ")} failed: ${String(stdout)}${String(stderr)}`, {
            cause: error,
          }),
        );
    });
  });
}

/** The process that was started and, since 2026.9, the one that it starts in its place: both are the gateway. */
function gatewayPids(started, mark) {
  const others = family({ mark, ancestor: started }).filter((pid) => pid !== started);
  return [...others.filter((pid) => /openclaw.* gateway run|^openclaw-gateway/.test(commandOf(pid))), started];
}

function kill(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone.
  }
}
