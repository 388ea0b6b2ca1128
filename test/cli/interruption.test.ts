import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { eventsOf, startCli } from "./cli.js";

describe.runIf(process.platform === "linux")("mcp-lifecycle demo, interrupted", () => {
  it.each([1, 2, 3, 4, 5])("should end everything and say so, whenever Ctrl-C comes (%d)", async () => {
    const delayMs = Math.random() * 4_000;
    const cli = startCli(["demo", "--json"]);
    await cli.event("started");
    await pause(delayMs);
    cli.child.kill("SIGINT");

    const { code, stdout, stderr } = await cli.ended;

    const context = `${delayMs} ms after the start:\n${stdout}\n${stderr}`;
    expect(stderr, context).toBe("");
    // Where it comes after the last word, there is nothing left to interrupt.
    expect([130, 0], context).toContain(code);
    expect(eventsOf(stdout).at(-1), context).toMatchObject({ event: "done", left: [], exitCode: code });
    await cli.nothingLeft();
  });

  it.each([50, 150, 250, 350, 450, 700])(
    "should leave nothing if Ctrl-C comes %d ms after its own start",
    async (delayMs) => {
      const cli = startCli(["demo", "--json"]);
      await pause(delayMs);
      cli.child.kill("SIGINT");

      const { code, signal } = await cli.ended;

      expect(code === 130 || signal === "SIGINT", `code ${code}, signal ${signal}`).toBe(true);
      await cli.nothingLeft();
    },
  );

  it.each([
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("should end everything on %s", async (name, expected) => {
    const cli = startCli(["demo", "--json"]);
    await cli.event("called");
    await expect(cli.nothingLeft(), "the test's own look is blind").rejects.toThrow(/processes are left/);
    cli.child.kill(name);

    const { code, stdout } = await cli.ended;

    expect(code).toBe(expected);
    const events = eventsOf(stdout);
    expect(events.find(({ event }) => event === "interrupted")).toMatchObject({ signal: name });
    expect(events.at(-1)).toMatchObject({ event: "done", left: [] });
    await cli.nothingLeft();
  });

  it("should exit at once at a second Ctrl-C and kill what is open on the way out", async () => {
    const cli = startCli(["demo", "--json"]);
    await cli.event("called");
    cli.child.kill("SIGINT");
    await cli.event("interrupted");
    cli.child.kill("SIGINT");

    const { code, stdout } = await cli.ended;

    expect(code).toBe(130);
    expect(eventsOf(stdout).at(-1)?.event).not.toBe("done");
    // SIGKILL takes a moment to be carried out.
    await cli.nothingLeft({ withinMs: 2_000 });
  });

  it("should end everything when nobody reads its output any more", async () => {
    const cli = startCli(["demo", "--json"]);
    await cli.event("started");
    cli.child.stdout?.destroy();

    const { code } = await cli.ended;

    expect(code).toBe(129);
    await cli.nothingLeft();
  });
});
