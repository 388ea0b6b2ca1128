import { describe, expect, test } from "vitest";
import type { TransportHandle, TransportLook } from "../../src/ports/index.js";
import { afterClose, endInput, inPhase, kill, look, release, terminate } from "../../src/supervisor/closing-steps.js";
import { custodyOf, entry, leaderLeft, nothingLeft, tree } from "./one-connection.js";

const { signal } = new AbortController();
const childLeft = { ...leaderLeft, survivors: [{ ...leaderLeft.survivors[0], pid: 8 }] } as TransportLook;
const remote = { url: "http://virtual.test/mcp", idKnown: true, problem: "503" };

/** An open connection, and the times at which it is looked at. */
async function opened(handle: Partial<TransportHandle>, looks: readonly TransportLook[] = [nothingLeft]) {
  const lookedAt: number[] = [];
  const made = custodyOf({
    tree,
    ...handle,
    look: () => {
      lookedAt.push(made.clock.now());
      return Promise.resolve(looks[Math.min(lookedAt.length, looks.length) - 1] ?? nothingLeft);
    },
  });
  const record = made.custody.open(entry("c"));
  await record.opened;
  made.clock.clearTimeout(record.memberCensus);
  return { ...made, record, lookedAt, run: <T>(work: Promise<T>) => made.clock.run(work) };
}

describe("the means that a receipt names", () => {
  test("should be none where nothing is left when the closing begins", async () => {
    const { record, custody, run, asked } = await opened({});
    expect(await run(endInput(record, custody, signal))).toMatchObject({ empty: true });
    expect(record.means).toBe("none");
    expect(asked).toContain("endInput");
  });

  test.each([
    { means: "EOF", handle: {} },
    { means: "close", handle: { tree: undefined } },
  ])("should be $means where the end of input was enough", async ({ means, handle }) => {
    const { record, custody, run } = await opened(handle, [leaderLeft, nothingLeft]);
    await run(endInput(record, custody, signal));
    expect(record).toMatchObject({ means, inputEnded: true, look: nothingLeft });
  });

  test.each([
    { said: true, means: "DELETE" },
    { said: false, means: "none" },
  ])("should be $means where a goodbye was said: $said", async ({ said, means }) => {
    const { record, custody, run } = await opened({ release: () => Promise.resolve(said) });
    await run(release(record, custody, signal));
    expect(record.means).toBe(means);
  });

  test("should be the last that was needed, and never a milder one after that", async () => {
    const { record, custody, run } = await opened({}, [leaderLeft, nothingLeft]);
    await run(terminate(record, custody, signal));
    expect(record.means).toBe("SIGTERM");
    await run(kill(record, custody));
    expect(record.means).toBe("SIGKILL");
    await run(terminate(record, custody, signal));
    expect(record.means).toBe("SIGKILL");
  });

  test("should be the kernel's own where a cgroup holds the tree", async () => {
    const { record, custody, run } = await opened({ containment: "cgroup" });
    await run(kill(record, custody));
    expect(record.means).toBe("cgroup.kill");
  });
});

describe("a kill", () => {
  test("should close the input that no grace was left for, once, whatever comes of that", async () => {
    const { record, custody, run, asked } = await opened({ endInput: () => Promise.reject(new Error("EPIPE")) });
    await run(kill(record, custody));
    await run(kill(record, custody));
    expect(asked.filter((step) => step === "endInput" || step === "kill")).toEqual(["endInput", "kill", "kill"]);
  });
});

describe("waiting for the empty tree", () => {
  test("should look slowly while the leader lives, though it is not alone", async () => {
    const both = { ...leaderLeft, survivors: [...childLeft.survivors, ...leaderLeft.survivors] };
    const { record, custody, run, lookedAt } = await opened({}, [both, both, both, nothingLeft]);
    await run(endInput(record, custody, signal));
    expect(lookedAt).toEqual([0, 200, 400, 600]);
  });

  test("should look slowly while the leader lives, and from its death on soon, and less and less often", async () => {
    const looks = [leaderLeft, leaderLeft, ...Array.from({ length: 8 }, () => childLeft), nothingLeft];
    const { record, custody, run, lookedAt } = await opened({}, looks);
    await run(endInput(record, custody, signal));
    const pauses = lookedAt.slice(1).map((at, index) => at - (lookedAt[index] ?? 0));
    expect(pauses).toEqual([200, 200, 10, 20, 40, 80, 160, 200, 200, 200]);
  });

  test("should look at once when something stirs", async () => {
    const { record, custody, clock, lookedAt } = await opened({}, [leaderLeft, nothingLeft]);
    const ended = endInput(record, custody, signal);
    await clock.settle();
    custody.stirring.stir("c");
    expect(await ended).toMatchObject({ empty: true, at: 0 });
    expect(lookedAt).toEqual([0, 0]);
  });

  test("should be over where only a remote session is left: no signal ends that", async () => {
    const { record, custody, run } = await opened({}, [leaderLeft, { ...nothingLeft, empty: false, remote }]);
    expect(await run(endInput(record, custody, signal))).toMatchObject({ empty: false, onlyRemoteLeft: true });
  });
});

describe("a look", () => {
  test("should not call empty what may still give birth", async () => {
    const { custody } = custodyOf({ open: () => new Promise(() => undefined) });
    const record = custody.open(entry("c"));
    expect(await look(record, custody)).toMatchObject({ empty: false, onlyRemoteLeft: false });
    expect(record.look).toBe(nothingLeft);
  });

  test.each([
    { what: "a process", more: { survivors: leaderLeft.survivors } },
    { what: "one that may be ours", more: { doubtful: leaderLeft.survivors } },
    { what: "a socket", more: { sockets: 1 } },
  ])("should not call remote only what leaves $what beside it", async ({ more }) => {
    const { record, custody } = await opened({}, [{ ...nothingLeft, empty: false, remote, ...more }]);
    expect(await look(record, custody)).toMatchObject({ onlyRemoteLeft: false });
  });
});

describe("the phases of a receipt", () => {
  test("should have their times, and what went wrong", async () => {
    const { record, custody, clock, run } = await opened({});
    const later = () =>
      new Promise<void>((resolve) => {
        clock.setTimeout(resolve, 100);
      });
    await run(inPhase(record, "settling", custody, later));
    const failing = inPhase(record, "releasing", custody, async () => {
      await later();
      throw new Error("503");
    });
    await expect(run(failing)).rejects.toThrow("503");
    expect(record.phases).toEqual([
      { name: "settling", startedAt: 0, endedAt: 100 },
      { name: "releasing", startedAt: 100, endedAt: 200, problem: "503" },
    ]);
  });

  test("should say that a grace was too short where the machine took the waiting back", async () => {
    const { record, custody, clock } = await opened({}, [leaderLeft]);
    const grace = new AbortController();
    const ended = endInput(record, custody, grace.signal);
    await clock.settle();
    grace.abort();
    await expect(ended).rejects.toThrow();
    expect(record.phases).toMatchObject([{ name: "inputEnded", problem: "not empty within its grace" }]);
  });

  test("should be the first and the last where there are too many", async () => {
    const { record, custody } = await opened({});
    for (let step = 0; step < 70; step += 1) {
      await inPhase(record, step < 16 ? "settling" : "killing", custody, () => Promise.resolve());
    }
    expect(record.phases).toHaveLength(64);
    expect(record.phases.filter(({ name }) => name === "settling")).toHaveLength(16);
    expect(record.phases.slice(0, 16).every(({ name }) => name === "settling")).toBe(true);
  });

  test("should have one for the command that runs after the proof, where there is one", async () => {
    const command = { run: () => Promise.resolve(), stop: () => Promise.resolve(), report: undefined };
    const withOne = await opened({ afterClose: command });
    expect(await afterClose(withOne.record, withOne.custody)).toEqual({ at: 0 });
    expect(withOne.record.phases).toMatchObject([{ name: "afterClose" }]);
    const without = await opened({});
    await afterClose(without.record, without.custody);
    expect(without.record.phases).toEqual([]);
  });
});
