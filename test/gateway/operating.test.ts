import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { hostileServer } from "../../src/testing/hostile/index.js";
import { startCli } from "../cli/cli.js";
import { createPathMark } from "../cli/path-mark.js";
import { fileWith } from "../cli/servers-file.js";
import { until } from "../real/support/until.js";

interface Line {
  readonly msg: string;
  readonly [field: string]: unknown;
}

const spansToFile = new URL("support/spans-to-file.js", import.meta.url).href;
const lifecycle = { inputEndedMs: 500, terminatingMs: 500 };
const secret = "s3cr3t-of-the-environment";

afterEach(() => void vi.unstubAllEnvs());

describe.runIf(process.platform === "linux")("mcp-lifecycle gateway, operated", () => {
  it("should log, measure, and take over what changed of its file, without a secret in any of it", async () => {
    const { command, args } = hostileServer("well-behaved");
    const server = (mark: string) => ({ command, args, env: { KEY: secret, MARK: mark }, lifecycle });
    const file = await fileWith({ mcpServers: { stays: server("one"), changes: server("one") } });
    const spans = `${file}.spans`;
    vi.stubEnv("OTEL_TEST_SPANS", spans).stubEnv("NODE_OPTIONS", `--import=${spansToFile}`);
    const { lines, url, cli } = await startGateway(["--config", file, "--metrics", "--log-format", "json"]);
    const client = await connect(url);
    const tools = await client.listTools();
    expect(tools.tools.length).toBeGreaterThan(1);
    const opened = await untilLines(lines, "connection is open", 2);

    for (const line of opened) {
      expect(line).toMatchObject({ session: expect.any(String), generation: expect.any(String) });
      expect(line).toMatchObject({ connection: expect.any(String), pid: expect.any(Number) });
    }
    const metrics = await (await fetch(new URL("/metrics", url))).text();
    expect(metrics).toContain('mcp_lifecycle_connections{mcp_lifecycle_state="open",mcp_lifecycle_transport="stdio"');

    // As editors do: another file in its place.
    const next = { mcpServers: { stays: server("one"), changes: server("two") } };
    await writeFile(`${file}.new`, JSON.stringify(next));
    await rename(`${file}.new`, file);
    const [closed] = await untilLines(lines, "connection is closed", 1);
    expect(closed).toMatchObject({ server: "changes", outcome: "closed" });
    expect(lines().find(({ msg }) => msg === "configuration reloaded")).toMatchObject({
      changed: ["changes"],
      added: [],
    });

    await writeFile(file, '{ "mcpServers": { "stays": { "comand": "x" } } }');
    cli.child.kill("SIGHUP");
    const [problem] = await untilLines(lines, "configuration not reloaded; nothing changed", 1);
    expect(problem?.["problem"]).toContain("did you mean command where it says comand?");
    expect((await client.listTools()).tools.length, "the former configuration goes on").toBe(tools.tools.length);
    const stays = lines().filter(({ msg, server: name }) => msg === "connection is open" && name === "stays");
    expect(stays, "a server that did not change keeps its process").toHaveLength(1);

    await client.close();
    cli.child.kill("SIGTERM");
    const { code, stdout, stderr } = await cli.ended;
    expect(code, stderr).toBe(143);
    await cli.nothingLeft();
    expect(stdout + stderr + metrics).not.toContain(secret);
    expect((await readFile(spans, "utf8")).trim().split("\n").slice(-2)).toEqual(["mcp.runtime", "mcp.session"]);
  });

  it.runIf(existsSync("/usr/bin/script"))("should end with its terminal, and not take that for a reload", async () => {
    const { command, args } = hostileServer("well-behaved");
    const file = await fileWith({ mcpServers: { a: { command, args } } });
    const { env, nothingLeft } = createPathMark();
    const gateway = `${process.execPath} dist/cli/main.js gateway --config ${file} --port 0 --no-ledger`;
    // A terminal that closes tells its shell, and the shell its jobs.
    const shell = `${gateway} & trap "kill -HUP $!" HUP; wait $!; wait $!; echo $? > ${file}.code`;
    const terminal = spawn("script", ["-qfc", shell, "/dev/null"], { env, stdio: ["ignore", "pipe", "ignore"] });
    let said = "";
    terminal.stdout.on("data", (chunk) => (said += String(chunk)));
    await until(
      () => said.includes("Ctrl-C ends"),
      () => `it did not begin to listen:\n${said}`,
    );

    terminal.kill("SIGKILL");

    await nothingLeft({ withinMs: 10_000 });
    expect((await readFile(`${file}.code`, "utf8")).trim(), "the code of SIGHUP").toBe("129");
  });

  const refused: readonly [args: readonly string[], saying: string][] = [
    [["--metrics", "--stdio"], "--metrics: is served over HTTP"],
    [["--log-level", "loud"], "Allowed choices are debug, info, warn, error"],
    [["--lease-warn", "-1"], "options.leaseWarnMs: must be milliseconds"],
  ];
  it.each(refused)("should exit with 2 for %j", async (args, saying) => {
    const file = await fileWith({ mcpServers: { a: { command: "x" } } });
    const { code, stderr } = await startCli(["gateway", "--config", file, "--port", "0", ...args]).ended;
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(saying) });
  });
});

async function startGateway(options: readonly string[]) {
  const cli = startCli(["gateway", "--port", "0", "--no-ledger", ...options]);
  onTestFinished(() => void cli.child.kill("SIGKILL"));
  let [stdout, stderr] = ["", ""];
  cli.child.stdout?.on("data", (chunk) => (stdout += String(chunk)));
  cli.child.stderr?.on("data", (chunk) => (stderr += String(chunk)));
  const address = () => /http:\S+\/mcp/.exec(stdout)?.[0];
  await until(
    () => address() !== undefined,
    () => `it did not begin to listen:\n${stdout}${stderr}`,
  );
  const lines = () =>
    stderr
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Line);
  return { cli, lines, url: new URL(address() ?? "") };
}

async function connect(url: URL): Promise<Client> {
  const client = new Client({ name: "front", version: "1.0.0" });
  await client.connect(new StreamableHTTPClientTransport(url));
  return client;
}

async function untilLines(lines: () => readonly Line[], message: string, count: number): Promise<readonly Line[]> {
  const found = () => lines().filter(({ msg }) => msg === message);
  await until(
    () => found().length >= count,
    () => `no ${count} lines "${message}" in ${JSON.stringify(lines(), null, 1)}`,
  );
  return found();
}
