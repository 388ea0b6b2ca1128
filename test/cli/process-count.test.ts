import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import type { DemoEvent } from "../../src/cli/demo/events.js";
import { createMarks, markName } from "../../src/cli/demo/ownership-mark.js";
import { createProcessCount, leaderOf } from "../../src/cli/demo/process-count.js";
import { parsePsLine, walkProcesses } from "../../src/cli/demo/process-walk.js";
import { runDemo } from "../../src/cli/demo/run-demo.js";

const owner = { session: "demo 1", server: "files/ü" };

describe.runIf(process.platform === "linux")("the demo's own look at the process table", () => {
  it("should find a marked process with its descendants, and nothing of another run", async () => {
    const marks = createMarks();
    const leader = start("sh", ["-c", "env -i sleep 60 & wait"], marks.markOf(owner));
    start("sleep", ["60"], createMarks().markOf(owner));
    const count = createProcessCount(marks);

    const seen = await lookUntil(count, 2);

    expect(seen.map((process) => process.owner)).toEqual([owner, owner]);
    expect(leaderOf(seen, owner)?.pid).toBe(leader.pid);
    expect(leaderOf(seen, { ...owner, server: "other" })).toBeUndefined();
  });

  it("should still find one that cleared its environment and lost its parent", async () => {
    const marks = createMarks();
    const leader = start("sh", ["-c", "env -i sleep 60 & wait"], marks.markOf(owner));
    const count = createProcessCount(marks);
    await lookUntil(count, 2);
    leader.kill("SIGKILL");
    await once(leader, "exit");

    const [orphan, ...others] = await lookUntil(count, 1);

    expect(others).toEqual([]);
    expect(orphan?.command).toBe("sleep 60");
    if (orphan !== undefined) process.kill(orphan.pid, "SIGKILL");
    await lookUntil(count, 0);
  });

  it("should see the same by ps as in /proc", async () => {
    const marks = createMarks();
    start("sleep", ["60"], marks.markOf(owner));
    const [inProc] = await lookUntil(createProcessCount(marks), 1);
    const [byPs] = await lookUntil(
      createProcessCount(marks, () => walkProcesses("darwin")),
      1,
    );

    expect(byPs).toMatchObject({ pid: inProc?.pid, ppid: inProc?.ppid, mark: inProc?.mark, owner });
  });

  it("should make the demo fail with what is left, whatever the receipts say", async () => {
    const marks = createMarks();
    const forgotten = start("sleep", ["60"], marks.markOf(owner));
    await lookUntil(createProcessCount(marks), 1);
    const events: DemoEvent[] = [];

    const exitCode = await runDemo({
      cast: { servers: [], skipped: [] },
      plans: [],
      marks,
      interruption: { signal: new AbortController().signal, cause: () => undefined, [Symbol.dispose]: () => {} },
      reporter: { report: (event) => void events.push(event), show: () => {} },
    });

    expect(exitCode).toBe(1);
    expect(events.at(-1)).toMatchObject({ event: "done", left: [{ ...owner, pid: forgotten.pid, ppid: process.pid }] });
  });
});

describe("parsePsLine", () => {
  const start_ = "Sat Nov 22 17:44:07 2025";

  it("should read a line, with the mark behind the command", () => {
    expect(parsePsLine(`  123     1 Ss   ${start_} node server.js ${markName}=a/b/c HOME=/root`)).toEqual({
      pid: 123,
      ppid: 1,
      startTime: start_,
      command: `node server.js ${markName}=a/b/c HOME=/root`,
      mark: "a/b/c",
    });
  });

  it("should pass over zombies and what is no process", () => {
    expect(parsePsLine(`  123     1 Z    ${start_} [node] <defunct>`)).toBeUndefined();
    expect(parsePsLine("")).toBeUndefined();
  });
});

function start(command: string, args: readonly string[], mark: string): ChildProcess {
  const child = spawn(command, args, { stdio: "ignore", env: { ...process.env, [markName]: mark } });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function lookUntil(count: ReturnType<typeof createProcessCount>, expected: number) {
  for (const deadline = performance.now() + 10_000; ; await pause(20)) {
    const seen = (await count.look()) ?? [];
    if (seen.length === expected) return seen;
    if (performance.now() > deadline) throw new Error(`${seen.length} instead of ${expected}: ${JSON.stringify(seen)}`);
  }
}
