import { createActor } from "xstate";
import { describe, expect, it } from "vitest";
import { sessionMachine, type SessionInput } from "../../src/machines/index.js";
import { silentPort } from "../exploration/silent-port.js";
import { specOf } from "./server-record.js";
import { after, deeds, sent, type Step } from "./steps.js";

const timings = { drainMs: 1, idleTimeoutMs: 0, maxLifetimeMs: 0, requiredRetireMs: 10 };
const input: SessionInput = { id: "s", servers: { files: specOf("files") }, timings, oneShot: false, port: silentPort };
const session = (...steps: Step[]) => after(sessionMachine, input, ...steps);
const does = (...steps: Step[]) => deeds(sessionMachine, input, ...steps);

const acquire = (lease: string) => ({ type: "ACQUIRE", lease, at: 0 });
const live = [acquire("a")];
const asleep = [...live, { type: "RELEASE", lease: "a", at: 0 }, { type: "SLEEP" }];
const leaked = (...servers: string[]) => ({ type: "RUNTIME.LEAKED", id: "s/r1", servers });
/** Awake beside a former runtime that leaked these servers. */
const besideLeak = (...servers: string[]) => [...asleep, leaked(...servers), acquire("b")];
const done = (runtime: string) => ({
  type: `xstate.done.actor.${runtime}`,
  output: { kind: "runtime", id: `s/${runtime}`, catalogue: {} },
});
const used = { type: "USED", connection: "s/r1/files.1", inFlight: 0, inFlightOfSession: 0, at: 5 };
const end = { type: "END", reason: "ended", cause: "deleted", at: 1_000 };

describe("a session with a runtime", () => {
  it("should pass on new tools and new servers to the one that answers", () => {
    expect(does(...live, { type: "TOOLS", connection: "s/r1/files.1", tools: [] })).toEqual(["tell r1 TOOLS"]);
    expect(does(...live, { type: "RELOAD", servers: {} })).toEqual(["tell r1 RELOAD"]);
    expect(does({ type: "RELOAD", servers: {} })).toEqual([]);
  });

  it.each(["LOST", "RETRY", "FORGET", "UNLEAKED"])("should pass on %s to the one that it concerns", (type) => {
    expect(does(...besideLeak("files"), { type, runtime: "s/r1" })).toEqual([`tell r1 ${type}`]);
    expect(does(...besideLeak("files"), { type, runtime: "s/r2" })).toEqual([`tell r2 ${type}`]);
    expect(does(...live, { type, runtime: "s/r9" })).toEqual([]);
  });

  it("should tell it of a use only where a server can be idle too long", () => {
    const idle = { ...input, servers: { files: { ...specOf("files"), idleTimeoutMs: 500 }, web: specOf("web") } };
    expect(deeds(sessionMachine, idle, ...live, used)).toEqual(["tell r1 USED"]);
    expect(does(...live, used)).toEqual([]);
    // Awake, and the former runtime is still closing: there is nobody to be told.
    expect(deeds(sessionMachine, idle, ...asleep, acquire("b"), used)).toEqual([]);
  });
});

describe("a session that woke beside a leak", () => {
  it("should tell its runtime which servers are proved gone since, and no other", () => {
    expect(sent(sessionMachine, input, ...besideLeak("files", "web"), leaked("web"))).toEqual([
      { type: "UNLEAKED", server: "files" },
    ]);
    expect(sent(sessionMachine, input, ...besideLeak("files"), leaked("files", "web"))).toEqual([]);
    expect(sent(sessionMachine, input, ...besideLeak("files", "web"), done("r1"))).toEqual([
      { type: "UNLEAKED", server: "files" },
      { type: "UNLEAKED", server: "web" },
    ]);
  });

  it("should keep its runtime when the former one is gone, and start no third", () => {
    const { context } = session(...besideLeak("files"), done("r1"));
    expect(context).toMatchObject({ current: "s/r2", sequence: 2 });
    expect(Object.keys(context.runtimes)).toEqual(["s/r2"]);
  });

  it("should close its runtime when the machine of the former one fails", () => {
    const failed = does(...besideLeak("files"), { type: "xstate.error.actor.r1", error: new Error("machine") });
    expect(failed).toEqual(expect.arrayContaining(["stop r1", "tell r2 FENCE", "tell r2 CLOSE"]));
  });

  it("should believe nothing of a runtime that it does not have", () => {
    const actor = createActor(sessionMachine, { input });
    actor.start();
    actor.send(acquire("a") as never);
    const { context } = actor.getSnapshot();
    for (const event of [{ type: "RUNTIME.LEAKED", id: "s/r9", servers: ["files"] }, done("r9")])
      actor.send(event as never);
    expect(actor.getSnapshot()).toMatchObject({ status: "active", context });
  });
});

describe("the end of a session", () => {
  it("should take the graces of its servers and a margin at most", () => {
    const graces = { ...specOf("files").graces, verifyMs: 4_000 };
    const slow = { ...input, servers: { files: { ...specOf("files"), graces } } };
    const limit = deeds(sessionMachine, slow, ...live, end).find((deed) => deed.includes("disposeLimit"));
    expect(limit).toContain("in 5005 ms");
  });

  it("should arm what is left of its deadline", () => {
    const strict = does(...live, { ...end, deadline: 4_000 });
    expect(strict).toContain("arm deadline: DEADLINE in 3000 ms");
    expect(strict).toContain("arm killBy: KILL_BY in 2999 ms");
  });
});
