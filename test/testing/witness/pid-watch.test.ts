import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { watchPids, WitnessError } from "../../../src/testing/witness/index.js";

describe.runIf(process.platform === "linux")("watchPids", () => {
  it("should watch a process and its descendants, and go on when their parent is gone", async () => {
    const child = spawn("/bin/sh", ["-c", "sleep 60 & wait"], { stdio: "ignore" });
    const watch = watchPids(child.pid ?? 0);
    onTestFinished(() => {
      for (const { pid } of watch.alive()) process.kill(pid, "SIGKILL");
    });
    while (watch.watched.length < 2) watch.refresh();
    child.kill("SIGKILL");
    await once(child, "exit");
    // A process carries its parent's command until it has executed its own.
    await expect.poll(() => watch.alive().map(({ command }) => command)).toEqual(["sleep 60"]);
    await expect(watch.gone()).rejects.toThrow(/1 of 2 are alive after 0 ms:\n {2}pid \d+, child of \d+: sleep 60/);
    for (const { pid } of watch.alive()) process.kill(pid, "SIGKILL");
    await watch.gone({ withinMs: 5_000 });
  });

  it("should not watch nothing: what does not exist is always gone", async () => {
    const child = spawn("true");
    await once(child, "exit");
    expect(() => watchPids(child.pid ?? 0)).toThrow(WitnessError);
  });
});
