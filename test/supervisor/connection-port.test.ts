import { describe, expect, test, vi } from "vitest";
import { OpenFailedError, SessionEndedError } from "../../src/errors/index.js";
import type { TransportHandle } from "../../src/ports/index.js";
import { connectionPort, type PortOwner } from "../../src/supervisor/connection-port.js";
import { custodyOf, entry, leaderLeft, nothingLeft, transport } from "./one-connection.js";

const { signal } = new AbortController();
const place = { session: "chat", server: "files" };
const sessionEnded = new SessionEndedError("ended.draining", place);

/** The port of one session, and what its owner is told. */
function port(handle: Partial<TransportHandle> = {}, refusal?: SessionEndedError) {
  const told: string[] = [];
  const made = custodyOf(handle);
  const inCustody = () => (made.custody.get("c") === undefined ? "gone" : "in custody");
  const owner: PortOwner = {
    entryFor: (id) => entry(id),
    connectTimeoutMs: () => 1_000,
    ended: (_record, how) => told.push(`ended: ${how}, ${inCustody()}`),
    removed: () => told.push(`removed, ${inCustody()}`),
    leaked: (_record, isNews) => told.push(isNews ? "leaked" : "leaked still"),
    netProved: () => told.push(`proved by the net, ${inCustody()}`),
    refusal: () => refusal,
  };
  return { ...made, port: connectionPort(made.custody, owner), told };
}

async function opened(handle: Partial<TransportHandle> = {}, refusal?: SessionEndedError) {
  const made = port(handle, refusal);
  await made.port.open("c", "files");
  const record = made.custody.get("c");
  if (record === undefined) throw new TypeError("it was not entered");
  return { ...made, record };
}

describe("an opening that is given up", () => {
  const hanging = { open: () => new Promise<never>(() => undefined), hint: "waiting for a token" };

  async function given(failure: Parameters<ReturnType<typeof port>["port"]["abortOpen"]>[1]) {
    const made = port(hanging);
    made.port.open("c", "files").catch(() => undefined);
    await made.clock.settle();
    made.port.abortOpen("c", failure);
    const record = made.custody.get("c");
    return { ...made, record, reason: record?.opening.signal.reason as unknown };
  }

  test("because it took too long should say how long, and what is known of it", async () => {
    const { record, reason } = await given({ kind: "open-failed" });
    expect(record).toMatchObject({ state: "closing", failure: { code: "CONNECT_TIMEOUT", ...place } });
    expect(String(reason)).toMatch(/1000 ms|1 000 ms|1s|1 s/);
    expect(String(reason)).toContain("waiting for a token");
  });

  test("should keep an error that has a code, and tell what any other said", async () => {
    const error = new OpenFailedError("initialize", "no", place);
    expect((await given({ kind: "open-failed", error })).reason).toBe(error);
    const { reason } = await given({ kind: "lost", error: new Error("EPIPE") });
    expect(reason).toMatchObject({ code: "CONNECTION_LOST", ...place });
    expect(String(reason)).toContain("EPIPE");
  });

  test("for no failure should say that nobody wants it any more", async () => {
    const { record, reason } = await given(undefined);
    expect(record?.failure).toBeUndefined();
    expect(reason).toMatchObject({ code: "OPEN_ABORTED", ...place });
  });
});

describe("an opening that is waited for", () => {
  test("should be settled when it gave something or failed, and be a phase of its closing", async () => {
    let give: () => void = () => undefined;
    const made = port({ open: () => new Promise((resolve) => (give = () => resolve(transport))) });
    void made.port.open("c", "files");
    const settled = vi.fn<() => void>();
    const settling = made.port.settle("c", signal).then(settled);
    await made.clock.settle();
    expect(settled).not.toHaveBeenCalled();
    give();
    await settling;
    expect(made.custody.get("c")?.phases).toMatchObject([{ name: "settling" }]);
  });
});

describe("the command for a proved end", () => {
  const afterClose = () => ({ run: vi.fn(() => Promise.resolve()), stop: vi.fn(() => Promise.resolve()) });

  test("should be run, and stopped, when that is asked for, and be a phase of the closing", async () => {
    const command = afterClose();
    const { port: asked, record, clock } = await opened({ afterClose: command as never });
    await clock.advanceBy(10);
    expect(await asked.afterClose("c")).toEqual({ at: 10 });
    expect(command.run).toHaveBeenCalledTimes(1);
    expect(record.phases).toMatchObject([{ name: "afterClose" }]);
    expect(await asked.stopAfterClose("c")).toEqual({ at: 10 });
    expect(command.stop).toHaveBeenCalledTimes(1);
  });

  test("should be missed by nobody where there is none", async () => {
    const { port: asked, record } = await opened();
    expect(await asked.afterClose("c")).toEqual({ at: 0 });
    expect(await asked.stopAfterClose("c")).toEqual({ at: 0 });
    expect(record.phases).toEqual([]);
  });

  test.each([
    { what: "be run by the net once it proved the end", look: nothingLeft, runs: 1 },
    { what: "not be run by the net for what it could not end", look: leaderLeft, runs: 0 },
  ])("should $what", async ({ look, runs }) => {
    const command = afterClose();
    const { port: asked, clock } = await opened({ afterClose: command as never, look: () => Promise.resolve(look) });
    asked.takeOver("c", new Error("machine"));
    await clock.advanceBy(10_000);
    expect(command.run).toHaveBeenCalledTimes(runs);
  });
});

describe("a connection that begins to close", () => {
  test("should not abort an opening that is over, and keep its first failure", async () => {
    const { record, port: asked } = await opened();
    asked.abortOpen("c", { kind: "lost", error: new Error("EPIPE") });
    asked.abortOpen("c", { kind: "open-failed" });
    expect(record.opening.signal.aborted).toBe(false);
    expect(record).toMatchObject({ state: "closing", failure: { code: "CONNECTION_LOST" } });
  });

  test.each([
    { why: "its session ends", refusal: sessionEnded, failure: undefined, code: "SESSION_ENDED" },
    { why: "it was lost", refusal: undefined, failure: { kind: "lost" as const, error: 1 }, code: "CONNECTION_LOST" },
    { why: "it is closed", refusal: undefined, failure: undefined, code: "CALL_ABORTED" },
  ])("should refuse and abort calls with $code where $why", async ({ refusal, failure, code }) => {
    const { record, port: asked } = await opened({}, refusal);
    const errors: unknown[] = [];
    record.calls.start((error) => errors.push(error));
    if (failure) asked.abortOpen("c", failure);
    asked.refuseCalls("c");
    expect(() => record.calls.start(() => undefined)).toThrow(expect.objectContaining({ code, ...place }));
    expect(errors).toEqual([]);
    asked.abortCalls("c");
    expect(errors).toMatchObject([{ code, ...place }]);
  });

  test("should leave its record before anybody is told that it is gone, and be listed while it ends", async () => {
    const { port: asked, told } = await opened();
    asked.closed("c", "unconfirmed");
    expect(told).toEqual(["ended: unconfirmed, in custody", "removed, gone"]);
  });

  test("should be news as a leak once", async () => {
    const { port: asked, record, told } = await opened();
    asked.leaked("c");
    asked.leaked("c");
    expect(told).toEqual(["leaked", "leaked still"]);
    expect(record).toMatchObject({ state: "leaked", wasLeaked: true });
  });
});

describe("a connection that is gone", () => {
  test("should be empty to whoever asks, and nobody is told of it again", async () => {
    const { port: asked, told } = port();
    const empty = { at: 0, empty: true, onlyRemoteLeft: false };
    expect(await asked.look("c", signal)).toEqual(empty);
    expect(await asked.endInput("c", signal)).toEqual(empty);
    expect(await asked.terminate("c", signal)).toEqual(empty);
    await Promise.all([asked.settle("c", signal), asked.drained("c", signal), asked.release("c", signal)]);
    asked.refuseCalls("c");
    asked.abortCalls("c");
    asked.abortOpen("c", undefined);
    asked.leaked("c");
    asked.closed("c", "proved");
    asked.takeOver("c", new Error("machine"));
    expect(told).toEqual([]);
  });
});

describe("a connection whose machine failed", () => {
  test("should be killed, and leave custody by the proof", async () => {
    const { port: asked, clock, told, asked: steps, record } = await opened();
    asked.takeOver("c", new Error("machine"));
    await clock.settle();
    expect(told).toEqual(["ended: proved, in custody", "proved by the net, gone", "removed, gone"]);
    expect(steps).toContain("kill");
    expect(record).toMatchObject({ netUsed: true, owner: "net", opening: { signal: { aborted: true } } });
    expect(() => record.calls.start(() => undefined)).toThrow(expect.objectContaining({ code: "CALL_ABORTED" }));
    expect(clock.pending).toEqual([]);
  });

  test("should only be watched by its machine from then on, so that no two owners signal", async () => {
    let look = leaderLeft;
    const { port: asked, clock, custody, asked: steps } = await opened({ look: () => Promise.resolve(look) });
    asked.takeOver("c", new Error("machine"));
    await clock.settle();
    steps.length = 0;
    await Promise.all([asked.release("c", signal), asked.kill("c", signal)]);
    const ended = asked.endInput("c", signal);
    const terminated = asked.terminate("c", signal);
    await clock.settle();
    expect(steps.filter((step) => step !== "look")).toEqual([]);
    look = nothingLeft;
    expect(await clock.run(Promise.all([ended, terminated]))).toMatchObject([{ empty: true }, { empty: true }]);
    await clock.advanceBy(10_000);
    expect(custody.all()).toEqual([]);
  });

  test("should be taken over once while that is under way, and again once it is leaked", async () => {
    const { port: asked, clock, custody, told } = await opened({ look: () => Promise.resolve(leaderLeft) });
    asked.takeOver("c", new Error("machine"));
    asked.takeOver("c", new Error("again"));
    await clock.advanceBy(6_000);
    expect(told).toEqual(["leaked"]);
    expect(custody.netUses).toBe(1);
    asked.takeOver("c", new Error("retried"));
    await clock.advanceBy(6_000);
    expect(told).toEqual(["leaked", "leaked still"]);
    expect(custody.netUses).toBe(1);
  });
});
