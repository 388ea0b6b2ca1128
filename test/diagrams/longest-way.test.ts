import { createActor } from "xstate";
import { describe, expect, it } from "vitest";
import { longestWay } from "../../src/diagrams/longest-way.js";
import { modelOf } from "../../src/diagrams/machine-page.js";
import { ownMachines } from "../../src/diagrams/index.js";
import {
  type ConnectionInput,
  connectionMachine,
  type SessionInput,
  sessionMachine,
} from "../../src/machines/index.js";
import { createWorld, presets } from "../../src/testing/simulation/index.js";
import { silentPort } from "../exploration/silent-port.js";
import { simulate } from "../supervisor/simulated.js";

const [session, , connection] = ownMachines;
if (session === undefined || connection === undefined) throw new Error("the machines are not there");

describe("the longest time of an end", () => {
  it("should be what a session takes whose port answers nothing", async () => {
    const { clock } = createWorld();
    const actor = createActor(sessionMachine, {
      clock,
      input: { ...(session.input as SessionInput), port: silentPort },
    }).start();
    actor.send({ type: "ACQUIRE", lease: "one", at: 0 });
    actor.send({ type: "USED", connection: "c", inFlight: 1, inFlightOfSession: 1, at: 0 });

    actor.send({ type: "END", reason: "ended", cause: "deleted", at: 0 });

    const { ms } = longestWay(modelOf(session), { from: "ended", until: ["closed", "ended.leaked"] });
    await clock.advanceTo(ms - 1);
    expect(actor.getSnapshot().value).toEqual({ ended: "disposing" });
    await clock.advanceTo(ms);
    expect(actor.getSnapshot().value).toEqual({ ended: "leaked" });
  });

  it("should be what a connection takes whose port answers nothing", async () => {
    const { clock } = createWorld();
    const actor = createActor(connectionMachine, {
      clock,
      input: { ...(connection.input as ConnectionInput), port: silentPort },
    }).start();

    actor.send({ type: "CLOSE" });

    const { ms } = longestWay(modelOf(connection), {
      from: "closing",
      until: ["closed", "leaked", "closing.afterClose"],
    });
    await clock.advanceTo(ms - 1);
    expect(actor.getSnapshot().matches("closing")).toBe(true);
    await clock.advanceTo(ms);
    expect(actor.getSnapshot().value).toBe("leaked");
  });

  it("should not be exceeded by the worst servers of the simulated world, all of them in one session", async () => {
    const stubborn = { ...presets.unkillable, calls: { answerMs: "never" } } as const;
    const { world, supervisor, run } = simulate({
      stubborn,
      settling: { ...presets.neverSettles, ...presets.unkillable },
      remote: { ...presets.deleteHangs, calls: { answerMs: "never" } },
    });
    const chat = supervisor.session("chat");
    const lease = await run(chat.acquire());
    await run(lease.client("stubborn"));
    for (const server of ["stubborn", "settling", "remote"]) void lease.callTool(server, "echo").catch(() => undefined);
    await world.clock.advanceBy(100);
    const began = world.clock.now();

    const receipt = await run(chat.end());

    const { ms } = longestWay(modelOf(session), { from: "ended", until: ["closed", "ended.leaked"] });
    const closing = longestWay(modelOf(connection), {
      from: "closing",
      until: ["closed", "leaked", "closing.afterClose"],
    });
    const took = world.clock.now() - began;
    expect(receipt.outcome).toBe("leaked");
    expect(took).toBeLessThanOrEqual(5_000 + closing.ms);
    expect(took).toBeLessThan(ms);
    // The calls until the drain limit, then every step of a process that ignores them all; what was still opening began to close before.
    expect(took).toBe(5_000 + 2_000 + 2_000 + 5_000);
    world.recover();
    await world.clock.advanceBy(120_000);
    await run(supervisor.shutdown());
  });
});

it("a way should be without a limit where a state on it has none, and turn in circles for ever", () => {
  const state = {
    description: undefined,
    tags: [],
    meta: undefined,
    entry: [],
    exit: [],
    invokes: [],
    hasOutput: false,
    history: undefined,
  };
  const leaf = (path: string) => ({
    ...state,
    path,
    key: path,
    type: "atomic" as const,
    parent: "",
    children: [],
    initial: [],
  });
  const move = (source: string, target: string) => ({
    id: source,
    source,
    kind: "event" as const,
    event: "GO",
    label: "GO",
    guard: undefined,
    actions: [],
    targets: [target],
    reenter: false,
    description: undefined,
  });
  const root = { ...leaf(""), type: "compound" as const, parent: undefined, children: ["a", "b"], initial: ["a"] };
  const model = { id: "m", states: [root, leaf("a"), leaf("b")], delays: [], spawns: [], drawn: [], inline: [] };

  expect(longestWay({ ...model, transitions: [move("a", "b")] }, { from: "a", until: ["b"] }).ms).toBe(Infinity);
  expect(longestWay({ ...model, transitions: [move("a", "b"), move("b", "a")] }, { from: "a", until: [] }).ms).toBe(
    Infinity,
  );
});
