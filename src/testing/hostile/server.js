/**
 * A minimal MCP server on stdin and stdout that misbehaves as its flags say. One self-contained file, so that it runs with plain
 * `node` wherever it lies. The flags compose; `index.ts` names the combinations and says what each is for.
 *
 * Every process started here ends by itself after `--lifetime` ms at the latest: a test that fails must not litter the machine.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, constants, openSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const duration = (/** @type {string} */ ms) => /** @type {const} */ ({ type: "string", default: ms });
const flag = /** @type {const} */ ({ type: "boolean", default: false });
const { values: flags } = parseArgs({
  options: {
    // What this process is: the server, a wrapper in front of it, or something the server starts.
    role: { type: "string", default: "server" },
    lifetime: duration("120000"),
    "ignore-eof": flag,
    "ignore-term": flag,
    "term-delay": duration("0"),
    "exit-delay": duration("0"),
    "spawn-delay": duration("0"),
    "initialize-delay": duration("0"),
    "list-delay": duration("0"),
    "page-size": duration("100"),
    "crash-in-initialize": flag,
    "never-initialize": flag,
    "wrong-version": flag,
    "flood-stderr": flag,
    "flood-stdout": flag,
    "fork-at-end": flag,
    helper: { type: "string", multiple: true, default: [] },
    "helpers-ignore-term": flag,
    // The wrapper's end: "exit", "crash" (SIGKILL to itself) or "wait" (for its child, as npx does).
    wrapper: { type: "string", default: "wait" },
    "wrapper-delay": duration("300"),
    // Descriptor 4 is a pipe to whoever started this process; its closing says that everything is up.
    announce: flag,
    // Nothing reads it: it marks processes whose environment was cleared as those of one test run.
    run: { type: "string", default: process.env.MCP_LIFECYCLE_TEST_RUN ?? "" },
  },
});
const self = fileURLToPath(import.meta.url);
const witnessFd = flags.role === "server" || flags.role === "wrapper" ? openWitness() : 3;
setTimeout(() => process.exit(99), Number(flags.lifetime));

// Whoever read them may be gone; a hostile process does not die of that.
process.stdout.on("error", () => {});
// To touch it makes it non-blocking, and then nobody would be blocked who writes to it.
if (!flags["flood-stderr"]) process.stderr.on("error", () => {});

/** The kernel's word for the test: every process of the tree holds the write end until it is gone. */
function openWitness() {
  const fifo = process.env.WITNESS_FIFO;
  if (fifo === undefined) return undefined;
  const fd = openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK);
  writeSync(fd, `${process.pid}\n`);
  return fd;
}

/** Starts a program with the witness as descriptor 3; `up` resolves when nobody holds descriptor 4 any more. */
function start(command, args, { stdio, ...options }) {
  const child = spawn(command, args, { ...options, stdio: [...stdio, witnessFd ?? "ignore", "pipe"] });
  child.on("error", (error) => process.stderr.write(`cannot start ${command}: ${error.message}\n`));
  return { child, up: new Promise((resolve) => child.stdio[4].once("close", resolve).resume()) };
}

/** Starts this file in another role. */
function startSelf(role, options, ...args) {
  const inherited = [`--role=${role}`, `--lifetime=${flags.lifetime}`, `--run=${flags.run}`, "--announce"];
  const term = flags["helpers-ignore-term"] ? ["--ignore-term"] : [];
  return start(process.execPath, [self, ...inherited, ...term, ...args], options);
}

// ---------------------------------------------------------------------------------------------- what a server starts

const ignored = ["ignore", "ignore", "ignore"];
const helpers = {
  /** Holds stdin and stdout: node's `close` event never comes. */
  stdio: () => startSelf("helper", { stdio: ["inherit", "inherit", "ignore"] }),
  stderr: () => startSelf("helper", { stdio: ["ignore", "ignore", "inherit"] }),
  ignored: () => startSelf("helper", { stdio: ignored }),
  /** Session and group of its own, as Playwright and Puppeteer start browsers. */
  detached: () => startSelf("helper", { stdio: ignored, detached: true }),
  /** Reparented to init or to a subreaper. */
  "double-fork": () => startSelf("double-fork", { stdio: ignored, detached: true }),
  "cleared-env": () => startSelf("helper", { stdio: ignored, env: {} }),
  /** Leaves group, session and environment; only who has seen it before knows it. */
  "cleared-env-detached": () => startSelf("helper", { stdio: ignored, env: {}, detached: true }),
  /**
   * A child that nobody waits for: `exec` makes its parent a program that never does. It ends only after that, because the shell
   * would collect it; and it alone holds 4, until it has ended.
   */
  zombie: () => {
    const parentIsSleep = 'grep -qs sleep "/proc/$$/comm"';
    const child = `i=0; until [ "$i" -ge 500 ] || ${parentIsSleep}; do i=$((i + 1)); done`;
    return start("/bin/sh", ["-c", `{ ${child}; } & exec 4>&-; exec sleep 120`], { stdio: ignored });
  },
  /** A gateway inside the gateway: a server tree with a session and a cookie of its own. */
  nested: () => {
    const env = { ...process.env, [`MCP_LIFECYCLE_${randomBytes(8).toString("hex")}`]: "1" };
    return startSelf(
      "server",
      { stdio: ["pipe", "pipe", "pipe"], detached: true, env },
      "--ignore-eof",
      "--helper=ignored",
    );
  },
};

function help() {
  if (flags["ignore-term"]) process.on("SIGTERM", () => {});
  if (flags.announce) closeSync(4);
}

async function doubleFork() {
  const child = spawn(
    process.execPath,
    [self, ...process.argv.slice(2).filter((arg) => !arg.startsWith("--role")), "--role=helper"],
    {
      detached: true,
      stdio: [...ignored, 3, 4],
    },
  );
  await new Promise((resolve) => child.once("spawn", resolve));
  process.exit(0);
}

function wrap() {
  const args = process.argv.slice(2).filter((arg) => !arg.startsWith("--role") && !arg.startsWith("--wrapper"));
  const child = spawn(process.execPath, [self, ...args], { stdio: "inherit" });
  if (flags.wrapper === "wait") return void child.once("exit", (code) => process.exit(code ?? 1));
  const end = () => (flags.wrapper === "crash" ? process.kill(process.pid, "SIGKILL") : process.exit(0));
  return void setTimeout(end, Number(flags["wrapper-delay"]));
}

/**
 * A chain in which each process starts the next one and dies, in a session of its own and deaf to SIGTERM: whoever kills what he
 * saw a moment ago kills nobody. A shell, because node starts too slowly to outrun anybody. Ends by itself after 100 links.
 */
function forkChain() {
  const link = `[ "$1" -le 0 ] && exit; trap "" TERM; sleep 0.02; $(command -v setsid) sh -c "$0" "$0" $(($1 - 1)) & sleep 0.03`;
  start("/bin/sh", ["-c", link, link, "100"], { stdio: ignored, detached: true });
}

// ---------------------------------------------------------------------------------------------- the server

async function serve() {
  if (flags["ignore-term"]) process.on("SIGTERM", () => {});
  else if (flags["term-delay"] !== "0")
    process.on("SIGTERM", () => setTimeout(() => process.exit(0), Number(flags["term-delay"])));
  if (flags["fork-at-end"]) process.once("SIGTERM", () => (forkChain(), process.exit(0)));
  await pause(flags["spawn-delay"]);
  const started = flags.helper.map((kind) => helpers[kind]().up);
  if (flags["flood-stderr"]) floodStderr();
  if (flags.announce) void Promise.all(started).then(() => closeSync(4));
  createInterface({ input: process.stdin }).on("line", async (line) => {
    await Promise.all(started);
    await answer(JSON.parse(line));
  });
  process.stdin.once("end", inputEnded);
}

async function inputEnded() {
  if (flags["fork-at-end"]) forkChain();
  if (flags["ignore-eof"]) return;
  await pause(flags["exit-delay"]);
  process.exit(0);
}

/** More than any pipe holds before the first answer, and a trickle for ever: who does not read stderr blocks the server (LP-34). */
function floodStderr() {
  const line = `${"e".repeat(1023)}\n`;
  for (let kib = 0; kib < 2048; kib += 1) writeBlocking(2, Buffer.from(line));
  setInterval(() => {
    try {
      writeSync(2, line);
    } catch {
      // Its reader is gone.
    }
  }, 10);
}

/** Blocks while nobody reads: since Node 24 the pipes of a child do not do so by themselves. */
function writeBlocking(fd, bytes) {
  const never = new Int32Array(new SharedArrayBuffer(4));
  for (let sent = 0; sent < bytes.length;) {
    try {
      sent += writeSync(fd, bytes, sent);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
      Atomics.wait(never, 0, 0, 1);
    }
  }
}

/** One line that never ends, 64 MiB of it. */
function floodStdout(sentMib = 0) {
  if (sentMib < 64) process.stdout.write("x".repeat(1 << 20), () => floodStdout(sentMib + 1));
}

/** A delay of 0 is none: a timer of 0 would take a millisecond. */
const pause = (ms) =>
  Number(ms) === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, Number(ms)));
const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
const text = (value) => ({ content: [{ type: "text", text: value }] });

const methods = {
  async initialize({ protocolVersion }) {
    if (flags["crash-in-initialize"]) process.exit(7);
    if (flags["never-initialize"]) await new Promise(() => {});
    await pause(flags["initialize-delay"]);
    return {
      protocolVersion: flags["wrong-version"] ? "1999-01-01" : protocolVersion,
      capabilities: { tools: { listChanged: true } },
      serverInfo: { name: "hostile", version: "1.0.0" },
    };
  },
  ping: () => ({}),
  async "tools/list"({ cursor = "0" } = {}) {
    await pause(flags["list-delay"]);
    const end = Number(cursor) + Number(flags["page-size"]);
    const names = Object.keys(tools);
    const page = names.slice(Number(cursor), end).map((name) => ({ name, inputSchema: { type: "object" } }));
    return { tools: page, ...(end < names.length && { nextCursor: String(end) }) };
  },
  "tools/call": ({ name, arguments: args = {}, _meta: meta = {} }) => tools[name](args, meta.progressToken),
};

const tools = {
  echo: ({ message = "" }) => text(String(message)),
  pid: () => text(JSON.stringify({ pid: process.pid, ppid: process.ppid })),
  async slow({ ms = 1000 }) {
    await pause(ms);
    return text("done");
  },
  /** Never answers, but reports progress if asked to: progress must not renew a deadline (LP-53). */
  hang(_args, progressToken) {
    let progress = 0;
    const report = () =>
      send({ method: "notifications/progress", params: { progressToken, progress: (progress += 1) } });
    if (progressToken !== undefined) setInterval(report, 50);
    return new Promise(() => {});
  },
  crash: () => process.exit(7),
  /** Starts a helper while the server runs, as a browser is started by the first call that needs it. */
  async launch({ helper = "detached" }) {
    const { child, up } = helpers[helper]();
    await up;
    return text(JSON.stringify({ pid: child.pid }));
  },
  "grow-tools"() {
    tools[`grown-${Object.keys(tools).length}`] = () => text("grown");
    send({ method: "notifications/tools/list_changed" });
    return text("done");
  },
};

async function answer({ id, method, params }) {
  if (method === "notifications/initialized" && flags["flood-stdout"]) floodStdout();
  if (id === undefined || method === undefined) return;
  const known = methods[method];
  if (known === undefined) return void send({ id, error: { code: -32601, message: `no method ${method}` } });
  try {
    send({ id, result: await known(params) });
  } catch (error) {
    send({ id, error: { code: -32603, message: String(error) } });
  }
}

const roles = { server: serve, wrapper: wrap, helper: help, "double-fork": doubleFork };
await roles[flags.role]();
