import { createServer } from "node:net";
import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import type { SessionReceipt } from "../../src/index.js";
import { hostileServer } from "../../src/testing/hostile/index.js";
import { createWitness } from "../../src/testing/witness/index.js";
import { eventsOf, runCli } from "./cli.js";
import { fileWith } from "./servers-file.js";

const quick = { connectTimeoutMs: 1_000, inputEndedMs: 200, terminatingMs: 200 };
const patient = { ...quick, connectTimeoutMs: 20_000 };

describe.runIf(process.platform === "linux")("mcp-lifecycle demo --servers", () => {
  it("should end sessions on somebody's own servers in all four ways without calling a tool", async () => {
    const witness = await createWitness();
    onTestFinished(() => witness.dispose());
    const { command, args, env } = hostileServer("helpers-all", { witness });
    const file = await fileWith({ mcpServers: { helpers: { command, args, env, lifecycle: patient } } });

    const cli = await runCli(["demo", "--json", "--servers", file]);

    expect(cli.code, cli.stderr + cli.stdout).toBe(0);
    await witness.gone();
    await cli.nothingLeft();
    const events = eventsOf(cli.stdout);
    expect(events.filter(({ event }) => event === "failed" || event === "called")).toEqual([]);
    const receipts = events.filter(({ event }) => event === "receipt").map(({ receipt }) => receipt as SessionReceipt);
    expect(receipts.map(({ reason }) => reason).sort()).toEqual(["ended", "errored", "reset", "timedOut"]);
  });

  it("should name each server that cannot be opened, leave nothing of it and exit with 2", async () => {
    const mcpServers = {
      speechless: { command: "sleep", args: ["100"], lifecycle: quick },
      parrot: { command: "cat", lifecycle: quick },
      missing: { command: "no-such-program-anywhere" },
      homeless: { command: "cat", cwd: "/no/such/folder" },
      unreachable: { url: `http://127.0.0.1:${await closedPort()}/mcp` },
    };

    const cli = await runCli(["demo", "--json", "--sessions", "3", "--servers", await fileWith({ mcpServers })]);

    expect(cli.code, cli.stderr + cli.stdout).toBe(2);
    await cli.nothingLeft();
    const failures = eventsOf(cli.stdout).filter(({ event }) => event === "failed");
    const errorsOf = (name: string) =>
      failures.filter((failure) => failure["server"] === name).map(({ error }) => String(error));
    expect(errorsOf("speechless")).toEqual(
      Array(3).fill(expect.stringContaining("no connection within connectTimeoutMs = 1000 ms")),
    );
    expect(errorsOf("parrot")).toHaveLength(3);
    expect(errorsOf("missing")).toEqual(Array(3).fill(expect.stringContaining("does not exist")));
    expect(errorsOf("homeless")).toEqual(Array(3).fill(expect.stringContaining("cwd: /no/such/folder")));
    expect(errorsOf("unreachable")).toEqual(Array(3).fill(expect.stringContaining("ECONNREFUSED")));
    expect(eventsOf(cli.stdout).at(-1)).toMatchObject({ event: "done", left: [] });
  });
});

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
