import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { describe, expect, it, onTestFinished } from "vitest";
import { hostileServer } from "../../src/testing/hostile/index.js";
import { until } from "../real/support/until.js";
import { runCli, type RunningCli, startCli } from "./cli.js";
import { createPathMark } from "./path-mark.js";
import { fileWith } from "./servers-file.js";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const cooperative = { mcpServers: { hostile: hostileServer("well-behaved") } };
const stubborn = { mcpServers: { stubborn: hostileServer("ignores-everything") } };

/** A client of a gateway that says where it is. */
async function connectTo(cli: RunningCli): Promise<Client> {
  const [url] = /http:\S+\/mcp/.exec(await cli.said(/\/mcp/)) ?? [];
  const client = new Client({ name: "cli", version: "1.0.0" });
  await client.connect(new StreamableHTTPClientTransport(new URL(url ?? "")));
  onTestFinished(() => client.close());
  return client;
}

function startGateway(config: string): RunningCli {
  return startCli(["gateway", "--config", config, "--port", "0", "--no-ledger", "--log-level", "warn"]);
}

describe.runIf(process.platform === "linux")("mcp-lifecycle gateway", () => {
  it("should say where it is, end every session on Ctrl-C, and report", async () => {
    const cli = startGateway(await fileWith(cooperative));
    const client = await connectTo(cli);
    await client.callTool({ name: "hostile__echo" });
    cli.child.kill("SIGINT");

    const { code, stdout, stderr } = await cli.ended;

    expect(stderr).toBe("");
    expect(code).toBe(130);
    expect(stdout).toMatch(/SIGINT: 1 session was open; servers closed 1, 0 of them by SIGKILL; leaked 0/);
    await cli.nothingLeft();
  });

  it("should kill everything at once at a second Ctrl-C", async () => {
    const cli = startGateway(await fileWith(stubborn));
    const client = await connectTo(cli);
    await client.callTool({ name: "stubborn__echo" });
    cli.child.kill("SIGINT");
    await until(async () => (await client.ping().catch(() => "refused")) === "refused", "it went on serving");
    cli.child.kill("SIGINT");

    const { code, stdout } = await cli.ended;

    expect(code).toBe(130);
    expect(stdout).not.toContain("leaked");
    // SIGKILL takes a moment to be carried out.
    await cli.nothingLeft({ withinMs: 2_000 });
  });

  it("should serve on standard input and output, and end with its client", async () => {
    const { env, nothingLeft } = createPathMark();
    const config = await fileWith(cooperative);
    const args = [main, "gateway", "--stdio", "--no-ledger", "--config", config];
    const transport = new StdioClientTransport({
      command: process.execPath,
      args,
      env: { PATH: env["PATH"] ?? "" },
      stderr: "pipe",
    });
    const client = new Client({ name: "stdio", version: "1.0.0" });
    await client.connect(transport);
    await client.callTool({ name: "hostile__echo" });

    await client.close();

    await nothingLeft({ withinMs: 5_000 });
  });

  it("should end when the process that started it dies, even if somebody else holds its input", async () => {
    const { env, nothingLeft } = createPathMark();
    const config = await fileWith(cooperative);
    const gateway = [process.execPath, main, "gateway", "--stdio", "--no-ledger", "--config", config];
    // The gateway reads from a pipe that this process holds; the shell dies at the end of its own input.
    const stdio = ["pipe", "pipe", "ignore", "pipe"] as const;
    const shell = spawn("sh", ["-c", '"$@" <&3 3<&- & read line; exit 0', "sh", ...gateway], {
      env,
      stdio: [...stdio],
    });
    const [output, input] = [shell.stdio[1] as Readable, shell.stdio[3] as Writable];
    input.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" })}\n`);
    const [pong] = (await once(output, "data")) as [Buffer];
    expect(String(pong)).toContain('"result":{}');
    shell.stdin?.end();
    await once(shell, "exit");

    await nothingLeft({ withinMs: 20_000 });
    input.destroy();
  });

  it.each([
    [["--port", "many"], "Not a number"],
    [["--host", "0.0.0.0"], "token: is required to listen on 0.0.0.0"],
    [["--config", "/does/not/exist.json"], "cannot be read: no such file"],
  ])("should exit with 2 for %j", async (args, saying) => {
    const { code, stderr } = await runCli(["gateway", "--no-ledger", ...args]);

    expect([code, stderr]).toEqual([2, expect.stringContaining(saying)]);
  });
});
