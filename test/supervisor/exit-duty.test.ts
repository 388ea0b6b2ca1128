import { EventEmitter } from "node:events";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { presets } from "../../src/testing/simulation/index.js";
import { type ExitDuty, type WatchedProcess, watchOver } from "../../src/supervisor/exit-watch.js";
import type { SupervisorParts } from "../../src/supervisor/supervisor.js";
import { simulate } from "./simulated.js";

const signalExit = Symbol.for("signal-exit emitter");
const sharedWatch = Symbol.for("mcp-lifecycle.exit-watch");

/** A process of nobody's, and what happens to it, in order. */
function watched() {
  const happened: string[] = [];
  const process = Object.assign(new EventEmitter(), {
    pid: 4_711,
    kill: (pid: number, signal: string) =>
      happened.push(`${signal} to ${pid}, ${process.listenerCount(signal)} listen`),
  });
  const begin = watchOver(process as unknown as WatchedProcess);
  const duty = (name: string, more: Partial<ExitDuty> = {}) => ({
    shutdown: async () => void happened.push(`${name} shuts down`),
    killAll: () => void happened.push(`${name} kills`),
    handlesSignals: true,
    ...more,
  });
  return { process, begin, duty, happened };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("the exit of a process", () => {
  test("should be watched by one listener however many supervisors there are, until the last is done (LP-54)", () => {
    const { process, begin, duty, happened } = watched();
    const [first, second] = [begin(duty("one")), begin(duty("two"))];
    expect(process.listenerCount("exit")).toBe(1);
    process.emit("exit");
    expect(happened).toEqual(["one kills", "two kills"]);
    first();
    expect(process.listenerCount("exit")).toBe(1);
    second();
    expect(process.eventNames()).toEqual([]);
  });

  test("should be watched again by who comes after the last", () => {
    const { process, begin, duty, happened } = watched();
    begin(duty("one"))();
    begin(duty("two"));
    process.emit("exit");
    expect(happened).toEqual(["two kills"]);
  });
});

describe("a signal that ends the process", () => {
  afterEach(() => Reflect.deleteProperty(globalThis, signalExit));

  test("should be listened for while some supervisor handles it, and by one listener", () => {
    const { process, begin, duty } = watched();
    const listeners = () => ["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => process.listenerCount(signal));
    begin(duty("quiet", { handlesSignals: false }));
    expect(listeners()).toEqual([0, 0, 0]);
    const done = [begin(duty("one")), begin(duty("two"))];
    expect(listeners()).toEqual([1, 1, 1]);
    done[0]?.();
    expect(listeners()).toEqual([1, 1, 1]);
    done[1]?.();
    expect(listeners()).toEqual([0, 0, 0]);
  });

  test("should shut down whose duty it is, then kill what is left and be raised again, to nobody who listens", async () => {
    const { process, begin, duty, happened } = watched();
    let over: () => void = () => undefined;
    begin(duty("slow", { shutdown: () => new Promise<void>((resolve) => (over = resolve)) }));
    begin(duty("broken", { shutdown: () => Promise.reject(new Error("broken")) }));
    begin(duty("quiet", { handlesSignals: false }));
    process.emit("SIGTERM", "SIGTERM");
    await settled();
    expect(happened).toEqual([]);
    over();
    await settled();
    expect(happened).toEqual(["slow kills", "broken kills", "quiet kills", "SIGTERM to 4711, 0 listen"]);
  });

  test("should wait no longer when it comes a second time", async () => {
    const { process, begin, duty, happened } = watched();
    begin(duty("slow", { shutdown: () => new Promise(() => undefined) }));
    process.emit("SIGINT", "SIGINT");
    await settled();
    process.emit("SIGINT", "SIGINT");
    expect(happened).toEqual(["slow kills", "SIGINT to 4711, 0 listen"]);
  });

  test("should shut down again where the process outlived the last one", async () => {
    const { process, begin, duty, happened } = watched();
    begin(duty("one"));
    process.emit("SIGINT", "SIGINT");
    await settled();
    happened.length = 0;
    process.emit("SIGTERM", "SIGTERM");
    await settled();
    expect(happened).toEqual(["one shuts down", "one kills", "SIGTERM to 4711, 0 listen"]);
  });

  test("should be left to a host that listens itself", async () => {
    const { process, begin, duty, happened } = watched();
    begin(duty("one"));
    process.on("SIGTERM", () => happened.push("the host ends itself"));
    process.emit("SIGTERM", "SIGTERM");
    await settled();
    expect(happened).toEqual(["the host ends itself"]);
  });

  test.each([
    { which: "of today", today: { count: 1 }, before: undefined, passive: 1 },
    { which: "of before", today: undefined, before: { count: 1 }, passive: 1 },
    { which: "of both kinds", today: { count: 1 }, before: { count: 1 }, passive: 2 },
    { which: "that do not count themselves", today: { count: "1" }, before: {}, passive: 0 },
  ])("should not be left to listeners of signal-exit, $which", async ({ today, before, passive }) => {
    const { process, begin, duty, happened } = watched();
    Object.assign(globalThis, { [signalExit]: today });
    Object.assign(process, { __signal_exit_emitter__: before });
    begin(duty("one"));
    for (let each = 0; each < passive; each += 1) process.on("SIGTERM", () => undefined);
    process.emit("SIGTERM", "SIGTERM");
    await settled();
    expect(happened).toEqual(["one shuts down", "one kills", `SIGTERM to 4711, ${passive} listen`]);
  });
});

describe("the duty of a supervisor", () => {
  /** Another copy of the package watches already; what it is given. */
  function shared() {
    const takenBack = vi.fn<() => void>();
    const duties: ExitDuty[] = [];
    const former: unknown = Reflect.get(globalThis, sharedWatch);
    const watch = (duty: ExitDuty) => {
      duties.push(duty);
      return takenBack;
    };
    Reflect.set(globalThis, sharedWatch, watch);
    onTestFinished(() => void Reflect.set(globalThis, sharedWatch, former));
    return { duties, takenBack };
  }

  const dutyOf = (exit: SupervisorParts["exit"], behaviour = {}) => {
    const { duties, takenBack } = shared();
    return { ...simulate({ files: behaviour }, { exit }), duties, takenBack };
  };

  test("should be given to the watch that is there, with or without signals, or to none", () => {
    expect(dutyOf("signals").duties).toMatchObject([{ handlesSignals: true }]);
    expect(dutyOf("kill").duties).toMatchObject([{ handlesSignals: false }]);
    expect(dutyOf("ignore").duties).toEqual([]);
  });

  test("should kill all of its processes, and shut it down, after which it is taken back", async () => {
    const { world, supervisor, run, duties, takenBack } = dutyOf("signals");
    const open = () => supervisor.session("chat").run((lease) => lease.client("files"));
    await run(open());
    duties[0]?.killAll();
    await world.clock.advanceBy(100);
    expect(world.truth.liveProcesses()).toEqual([]);

    await run(Promise.resolve(duties[0]?.shutdown()));
    expect(() => supervisor.session("other")).toThrow(expect.objectContaining({ code: "SHUTDOWN" }));
    expect(takenBack).toHaveBeenCalledTimes(1);
  });

  test("should stand while something is leaked", async () => {
    const { supervisor, run, takenBack } = dutyOf("kill", presets.unkillable);
    await run(supervisor.session("chat").run((lease) => lease.client("files")));
    await run(supervisor.shutdown());
    expect(takenBack).not.toHaveBeenCalled();
  });
});
