import { describe, expect, it } from "vitest";
import { forcedMeans } from "../real/support/forced-means.js";
import type { SessionReceipt } from "../../src/index.js";
import { eventsOf, runCli } from "./cli.js";

describe.runIf(process.platform === "linux")("mcp-lifecycle demo", () => {
  it("should end sessions on real and hostile servers in all four ways and leave nothing", async () => {
    const cli = await runCli(["demo", "--json"]);

    expect(cli.code, cli.stderr + cli.stdout).toBe(0);
    await cli.nothingLeft();
    const events = eventsOf(cli.stdout);
    expect(events.filter(({ event }) => event === "failed")).toEqual([]);
    expect(events[0]).toMatchObject({ event: "started", skipped: [] });

    const receipts = events.filter(({ event }) => event === "receipt").map(({ receipt }) => receipt as SessionReceipt);
    expect(receipts.map(({ reason, cause, outcome }) => `${reason} (${cause}): ${outcome}`).sort()).toEqual([
      "ended (deleted): closed",
      "errored (server-required): closed",
      "reset (reset): closed",
      "timedOut (idle): closed",
    ]);
    const connections = receipts.flatMap((receipt) => receipt.connections);
    const meansOf = (name: string) => connections.filter(({ server }) => server === name).map(({ means }) => means);
    expect(meansOf("deaf")).toEqual([forcedMeans]);
    expect(meansOf("everything-http")).toEqual(["DELETE", "DELETE"]);
    expect(meansOf("in-memory")).toEqual(["close"]);

    const called = events.filter(({ event }) => event === "called").map(({ server }) => String(server));
    expect([...new Set(called)].sort()).toEqual([
      "browser-like",
      "deaf",
      "everything",
      "everything-http",
      "everything-npx",
      "everything-sh",
      "filesystem",
      "in-memory",
      "lost-wrapper",
    ]);
    const done = events.at(-1);
    expect(done).toMatchObject({ event: "done", left: [], sessions: { closed: 4, leaked: 0 }, exitCode: 0 });
    // npx is three processes, sh two, a browser-like server two: fewer than ten would mean that the look is blind.
    expect(done?.["mostProcesses"]).toBeGreaterThanOrEqual(10);
  });

  it("should write lines for people when piped", async () => {
    const cli = await runCli(["demo", "--sessions", "1"]);

    expect(cli.code, cli.stderr).toBe(0);
    expect(cli.stdout).toMatch(/^demo-1 will be ended: everything, everything-http, deaf$/m);
    expect(cli.stdout).toMatch(
      /^ {2}deaf: closed; stdio, pid \d+; last means (SIGKILL|cgroup\.kill); .*no survivors$/m,
    );
    expect(cli.stdout).toMatch(/1 sessions? closed, 0 leaked, .* the process table shows none of them any more$/);
    expect(cli.stdout).not.toContain("\u001b");
    await cli.nothingLeft();
  });
});
