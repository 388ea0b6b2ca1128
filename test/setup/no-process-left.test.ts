import { onTestFinished, describe, expect, it } from "vitest";
import { startHostile } from "../processes/hostile-tree.js";
import setup from "./no-process-left.js";

const marker = "MCP_LIFECYCLE_TEST_RUN";

describe.runIf(process.platform === "linux")("the check that no process outlives the tests", () => {
  it("should fail with the name of each process of the run that is left, and end it", async () => {
    const teardown = startRun();
    const tree = await startHostile("helpers-all");
    tree.stdin.end();
    await tree.exited;
    const failure = await teardown().catch((error: unknown) => error);
    expect(process.exitCode).toBe(1);
    process.exitCode = undefined;
    expect(String(failure)).toMatch(/7 processes outlived the tests:\n {2}pid \d+, child of 1: .*server\.js/);
    await tree.witness.gone({ withinMs: 5_000 });
  });

  it("should blame nobody who was there before, or belongs to another run", async () => {
    const before = await startHostile("helper-double-fork");
    const teardown = startRun();
    process.env[marker] = "another-run";
    const another = await startHostile("helper-cleared-env-detached");
    process.kill(another.ref.leader.pid, "SIGKILL");
    await another.exited;
    await teardown();
    expect(before.witness.isHeld).toBe(true);
    expect(another.witness.isHeld).toBe(true);
  });
});

/** Begins a run of its own inside this one. */
function startRun(): () => Promise<void> {
  const outer = process.env[marker];
  onTestFinished(() => {
    process.env[marker] = outer;
  });
  return setup();
}
