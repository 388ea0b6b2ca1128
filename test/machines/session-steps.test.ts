import { describe, expect, it } from "vitest";
import { createActor } from "xstate";
import { sessionMachine, type SessionInput } from "../../src/machines/index.js";
import { silentPort } from "../exploration/silent-port.js";
import { after, type Step } from "./steps.js";

const timings = { drainMs: 1, idleTimeoutMs: 1_000, maxLifetimeMs: 0, requiredRetireMs: 10 };
const input: SessionInput = { id: "s", servers: {}, timings, oneShot: false, port: silentPort };
const acquire = (lease: string, at = 0) => ({ type: "ACQUIRE", lease, at });
const release = (lease: string, at = 0) => ({ type: "RELEASE", lease, at });
const retire = { type: "RETIRE", required: false, reason: "reset", cause: "compaction" };
const session = (...steps: Step[]) => after(sessionMachine, input, ...steps);

describe("a session", () => {
  it.each([
    ["before its first use", []],
    ["when idle", [acquire("a"), release("a")]],
    ["asleep", [acquire("a"), release("a"), { type: "SLEEP" }]],
  ] as const)("should end at once by a retirement %s, for the reason and the cause that were given", (_when, steps) => {
    const { value, context } = session(...steps, retire);
    expect(Object.keys(value)).toEqual(["reset"]);
    expect(context.end).toEqual({ reason: "reset", cause: "compaction" });
  });

  it("should end by its retirement at the last release, and not before", () => {
    const twice = [acquire("a"), acquire("b"), retire];
    expect(session(...twice, release("a")).matches({ active: { live: "retiring" } })).toBe(true);
    expect(session(...twice, release("a"), release("b")).context.end).toEqual({ reason: "reset", cause: "compaction" });
  });

  it("should end by a required retirement when its leases had time enough", () => {
    const required = { ...retire, required: true };
    const { context } = session(acquire("a"), required, {
      type: "xstate.after.retireLimit.session.active.live.retiring.required",
    });
    expect(context.end).toEqual({ reason: "reset", cause: "compaction" });
  });

  it("should stay busy at the release of a lease that it does not have", () => {
    expect(session(acquire("a"), release("b")).value).toEqual({ active: { live: "busy" } });
    expect(session(acquire("a"), acquire("b"), release("a"), release("a")).context.leases).toEqual(["b"]);
  });

  it("should end at the last release where the idle time has passed by then, to the millisecond", () => {
    expect(session(acquire("a", 5_000), release("a", 5_999)).value).toEqual({ active: { live: "idle" } });
    expect(session(acquire("a", 5_000), release("a", 6_000)).context.end).toEqual({
      reason: "timedOut",
      cause: "idle",
    });
  });

  it("should count idleness from the end of the last call, and none while one is in flight", () => {
    const used = (at: number, inFlightOfSession: number) => ({
      type: "USED",
      connection: "c",
      inFlight: inFlightOfSession,
      inFlightOfSession,
      at,
    });
    expect(session(acquire("a"), used(2_000, 0), release("a", 2_999)).value).toEqual({ active: { live: "idle" } });
    expect(session(acquire("a"), used(2_000, 0), release("a", 3_000)).context.end?.cause).toBe("idle");
    expect(session(acquire("a"), used(2_000, 1), release("a", 9_000)).value).toEqual({ active: { live: "idle" } });
  });

  it("should end at the last release where its lifetime has passed by then", () => {
    const { context } = session(acquire("a"), { type: "LIFETIME" }, release("a"));
    expect(context.end).toEqual({ reason: "timedOut", cause: "lifetime" });
  });

  it("should ask a new runtime for each server that was wanted while a former one closed, once", () => {
    const asleep = [acquire("a"), release("a"), { type: "SLEEP" }];
    const open = (...servers: string[]) => ({ type: "OPEN", servers, at: 0 });
    const waiting = session(...asleep, acquire("b"), open("files", "web"), open("web"));
    expect(waiting.context).toMatchObject({ current: undefined, wanted: ["files", "web"] });
  });

  it("should number its runtimes", () => {
    const gone = { type: "xstate.done.actor.r1", output: { kind: "runtime", id: "s/r1", catalogue: {} } };
    const { context } = session(acquire("a"), release("a"), { type: "SLEEP" }, gone, acquire("b"));
    expect(context).toMatchObject({ current: "s/r2", sequence: 2, wanted: [] });
    expect(Object.keys(context.runtimes)).toEqual(["s/r2"]);
  });

  it("should allow what was reloaded away its graces: the limits of an end only grow", () => {
    const server = (verifyMs: number) => ({
      fingerprint: `${verifyMs}`,
      graces: {
        connectTimeoutMs: 1,
        settleMs: 1,
        releaseMs: 2,
        inputEndedMs: 3,
        terminatingMs: 4,
        drainMs: 5,
        verifyMs,
      },
      hasGoodbye: false,
      required: false,
      idleTimeoutMs: 0,
      restart: false as const,
    });
    const reload = (servers: object) => ({ type: "RELOAD", servers });
    const grown = session(reload({ files: server(100), web: server(50) }), reload({ web: server(50) }));
    expect(grown.context).toMatchObject({ longestClosingMs: 115, longestVerifyMs: 100 });
    const withCommand = { ...server(100), graces: { ...server(100).graces, afterCloseMs: 1_000 } };
    expect(session(reload({ files: withCommand })).context.longestClosingMs).toBe(1_215);
  });

  it("should begin with nothing, and leave its id and its end", () => {
    expect(session().context).toMatchObject({ leases: [], wanted: [], runtimes: {}, catalogue: {}, sequence: 0 });
    const end = { type: "END", reason: "ended", cause: "deleted", at: 0 };
    const closed = session(end, { type: "xstate.done.actor.dispose", output: "gone" });
    expect(closed).toMatchObject({ status: "done", output: { id: "s", end: { reason: "ended", cause: "deleted" } } });
  });

  it("should ask for nothing more once it ends", () => {
    const open = { type: "OPEN", servers: ["files"], at: 0 };
    const waiting = [acquire("a"), release("a"), { type: "SLEEP" }, acquire("b"), open];
    expect(session(...waiting).context.wanted).toEqual(["files"]);
    expect(session(...waiting, { type: "END", reason: "ended", cause: "new", at: 0 }).context.wanted).toEqual([]);
  });
});

describe("a session whose runtime is in error", () => {
  const error = new Error("machine");
  const inError = (actor: string) => ({ type: `xstate.error.actor.${actor}`, error }) as never;

  function started() {
    const taken: unknown[] = [];
    const port = { ...silentPort, takeOverSession: (why: unknown) => taken.push(why) };
    const actor = createActor(sessionMachine, { input: { ...input, port } });
    actor.start();
    actor.send({ type: "ACQUIRE", lease: "a", at: 0 });
    return { actor, taken };
  }

  it("should end as errored, and have custody take over what it held", () => {
    const { actor, taken } = started();
    actor.send(inError("r1"));
    expect(taken).toEqual([error]);
    expect(actor.getSnapshot().matches("errored")).toBe(true);
    expect(actor.getSnapshot().context).toMatchObject({
      end: { reason: "errored", cause: "unknown" },
      runtimes: {},
      current: undefined,
    });
  });

  it("should take nothing over for an actor that is none of its runtimes", () => {
    const { actor, taken } = started();
    actor.send(inError("r2"));
    expect(taken).toEqual([]);
  });
});
