import { describe, expect, it } from "vitest";
import type { GuardianStatus } from "../../src/ports/index.js";
import { createGuardian, type Watch } from "../../src/recovery/guardian.js";
import type { StartGuardian } from "../../src/recovery/guardian-process.js";
import { VirtualClock } from "../../src/testing/simulation/virtual-clock.js";

const owner = { pid: 1_000, startTime: "1" };

/** A guardian of guardians that are only noted: `dies` ends the last one as a SIGKILL would. */
function fakeGuardian({ refuses = () => false }: { refuses?: () => boolean } = {}) {
  const clock = new VirtualClock();
  const started: { readonly pid: number; readonly lines: string[]; hasEnded: boolean; die(): void }[] = [];
  const start: StartGuardian = ({ folders, onExit }) => {
    if (refuses()) return "no shell";
    const fake = {
      pid: 2_000 + started.length,
      lines: folders.map((each) => `folder ${each}`),
      hasEnded: false,
      die: onExit,
    };
    started.push(fake);
    return {
      pid: fake.pid,
      send: (line) => void fake.lines.push(line),
      end: () => {
        fake.hasEnded = true;
        onExit();
        return Promise.resolve();
      },
    };
  };
  const told: GuardianStatus[] = [];
  const watch = (folder = "/ledger/1", watchdogMs?: number): Watch => ({
    folder,
    watchdogMs,
    onChange: (status) => void told.push(status),
  });
  return { clock, started, told, watch, guardian: createGuardian({ clock, owner: () => owner, start }) };
}

describe("the guardian of a process", () => {
  it("should be started with the first record only, and be one for all supervisors and their folders", () => {
    const { guardian, started, watch } = fakeGuardian();
    expect([guardian.status.state, started.length]).toEqual(["idle", 0]);
    const [first, second, third] = [watch(), watch("/ledger/2"), watch()];
    for (const each of [first, second, third, first]) guardian.begin(each);
    expect(started.map(({ lines }) => lines.filter((line) => line.startsWith("folder")))).toEqual([
      ["folder /ledger/1", "folder /ledger/2"],
    ]);
    expect(guardian.status).toEqual({ state: "watching", pid: 2_000, losses: 0 });
  });

  it("should go with the last supervisor, and come back with the next", async () => {
    const { guardian, started, watch } = fakeGuardian();
    const [first, second] = [watch(), watch()];
    guardian.begin(first);
    guardian.begin(second);
    await guardian.end(first);
    expect(started[0]?.hasEnded).toBe(false);
    await guardian.end(second);
    expect([started[0]?.hasEnded, guardian.status.state]).toEqual([true, "idle"]);
    guardian.begin(watch());
    expect(guardian.status).toMatchObject({ state: "watching", pid: 2_001, losses: 0 });
  });

  it("should be started again when it dies, later and later, told of the same folders", async () => {
    const { guardian, started, told, watch, clock } = fakeGuardian();
    guardian.begin(watch());
    for (const [index, delayMs] of [100, 200, 400].entries()) {
      started.at(-1)?.die();
      expect(guardian.status).toMatchObject({ state: "lost", losses: index + 1 });
      await clock.advanceBy(delayMs - 1);
      expect(started).toHaveLength(index + 1);
      await clock.advanceBy(1);
      expect(started).toHaveLength(index + 2);
    }
    expect(started.at(-1)?.lines).toContain("folder /ledger/1");
    expect(told.map(({ state }) => state)).toEqual([
      "watching",
      "lost",
      "watching",
      "lost",
      "watching",
      "lost",
      "watching",
    ]);
    await clock.advanceBy(60_000);
    started.at(-1)?.die();
    await clock.advanceBy(100);
    expect(started, "who lived for long was not to blame").toHaveLength(5);
  });

  it("should not be started again when there is nothing to watch over any more", async () => {
    const { guardian, started, watch, clock } = fakeGuardian();
    const only = watch();
    guardian.begin(only);
    started[0]?.die();
    await guardian.end(only);
    await clock.advanceBy(60_000);
    expect([started.length, guardian.status.state]).toEqual([1, "idle"]);
  });

  it("should say that there is none, once, and be tried again with the next record", () => {
    let refuses = true;
    const { guardian, told, watch } = fakeGuardian({ refuses: () => refuses });
    const only = watch();
    guardian.begin(only);
    guardian.begin(only);
    expect(told).toEqual([{ state: "unavailable", losses: 0, problem: "no shell" }]);
    refuses = false;
    guardian.begin(only);
    expect(guardian.status.state).toBe("watching");
  });

  it("should hear a beat four times within the shortest limit, and none where nobody asked for it", async () => {
    const { guardian, started, watch, clock } = fakeGuardian();
    const [calm, strict] = [watch(), watch("/ledger/2", 2_000)];
    guardian.begin(calm);
    await clock.advanceBy(10_000);
    expect(started[0]?.lines.filter((line) => line === "beat")).toEqual([]);
    guardian.begin(strict);
    expect(started[0]?.lines.at(-1)).toBe("within 2");
    await clock.advanceBy(2_000);
    expect(started[0]?.lines.filter((line) => line === "beat")).toHaveLength(4);
    await guardian.end(strict);
    expect(started[0]?.lines.at(-1)).toBe("within ");
    await clock.advanceBy(10_000);
    expect(started[0]?.lines.filter((line) => line === "beat")).toHaveLength(4);
  });
});
