import { describe, expect, it } from "vitest";
import { cookiePrefix } from "../../../src/processes/index.js";
import { createWorld, noSpaceError, type World } from "../../../src/testing/simulation/index.js";
import { connect, createTransport, http, never } from "./connect.js";

const cookie = `${cookiePrefix}${"a".repeat(32)}`;
const entry = { connectionId: "c9", server: "files", cookie };
const stubborn = {
  files: { tree: { command: "node server", onEof: "ignored", children: [{ command: "helper" }] } },
} as const;

function commandsLeft({ truth }: World): string[] {
  return truth.liveProcesses().map(({ command, ppid }) => `${command} of ${ppid}`);
}

describe("a virtual gateway that is killed", () => {
  it("should fire no timer any more, neither one it had nor one it arms in its last breath", async () => {
    const { clock, gateway } = createWorld();
    const fired: string[] = [];
    gateway.clock.setTimeout(() => fired.push("before"), 10);
    gateway.clock.setUnrefTimeout(() => fired.push("unref'd"), 10);
    gateway.kill();
    gateway.clock.setTimeout(() => fired.push("after"), 10);
    await clock.advanceBy(100);
    expect(fired).toEqual([]);
    expect(clock.pending).toEqual([]);
  });

  it("should get no answer and no notice, and nothing that it asked for should be done", async () => {
    const world = createWorld({ behaviours: stubborn, ledgerPlans: { intend: [{}, { latencyMs: 20 }] } });
    const { told } = await connect(world);
    const stirs = told.stirs;
    const { handle } = createTransport(world);
    const settled: string[] = [];
    void handle.open(never()).finally(() => settled.push("open"));
    await world.clock.advanceBy(10);
    world.gateway.kill();
    world.crash("c1");
    handle.killSync();
    await world.clock.advanceBy(1_000);
    expect([settled, told.lost, told.stirs - stirs]).toEqual([[], [], 0]);
    expect(world.ledger.records.map(({ connectionId }) => connectionId)).toEqual(["c1"]);
    expect(commandsLeft(world)).toEqual(["helper of 1"]);
  });

  it("should leave its trees to init with their input ended, and its pid to whoever comes", async () => {
    const world = createWorld({
      behaviours: { files: { tree: { command: "reads", onEof: 50, children: [{ command: "stays" }] } } },
    });
    await connect(world);
    world.gateway.kill();
    expect(commandsLeft(world)).toEqual(["reads of 1", "stays of 1000"]);
    await world.clock.advanceBy(50);
    expect(commandsLeft(world)).toEqual(["stays of 1"]);
    const next = world.startGateway({ pid: world.gateway.identity.pid });
    expect(next.identity).toMatchObject({ pid: world.gateway.identity.pid });
    expect(next.identity.startTime).not.toBe(world.gateway.identity.startTime);
  });

  it("should take its sockets with it, and leave the sessions that servers keep", async () => {
    const world = createWorld();
    await connect(world, { config: http });
    world.gateway.kill();
    expect(world.truth.whatIsLeft()).toEqual(["session http-session-1 at files of c1", "the ledger's record of c1"]);
  });

  it("should not be pid 1: that one takes its container with it", () => {
    const { gateway } = createWorld({ gatewayIsInit: true });
    expect(() => gateway.kill()).toThrow("does not die without its whole container");
  });
});

describe("the next gateway on the same disk", () => {
  it("should end by its records what the dead one left, and remove these with the proof", async () => {
    const world = createWorld({ behaviours: stubborn });
    await connect(world);
    world.gateway.kill();
    const next = world.startGateway();
    const findings = await world.clock.run(next.sweep());
    expect(findings).toMatchObject([{ verdict: "ended", connectionId: "c1" }]);
    world.truth.assertNothingLeft();
  });

  it("should delete the HTTP sessions that are on record, once their server can be reached", async () => {
    const world = createWorld({ behaviours: { files: { http: { unreachable: false } } } });
    await connect(world, { config: http });
    world.gateway.kill();
    world.behaviours["files"] = { http: { unreachable: true } };
    const findings = await world.clock.run(world.startGateway().sweep());
    expect(findings).toMatchObject([{ verdict: "left", because: "DELETE failed: fetch failed" }]);
    world.recover();
    await world.clock.run(world.startGateway().sweep());
    world.truth.assertNothingLeft();
  });

  it("should find a tree by its intent, where the dead one could write no more", async () => {
    const world = createWorld({ behaviours: stubborn, ledgerPlans: { started: { hang: true } } });
    await connect(world);
    world.gateway.kill();
    expect(world.ledger.records).toHaveLength(1);
    expect(world.ledger.leaderOf("c1")).toBeUndefined();
    await world.clock.run(world.startGateway().sweep());
    world.truth.assertNothingLeft();
  });

  it("should leave alone what a gateway has that lives, and whoever has a pid of the dead", async () => {
    const world = createWorld({ behaviours: stubborn, programs: { sibling: { onEof: "ignored" } } });
    const sibling = world.startGateway();
    await sibling.ledger.intend(entry);
    const { ref } = await sibling.processHost.spawn({ command: "sibling", args: [], env: {}, cookie });
    await sibling.ledger.started("c9", ref);
    world.gateway.kill();
    world.processes.spawnForeign({}, { pid: world.gateway.identity.pid });
    await world.clock.run(world.startGateway().sweep());
    expect(world.truth.liveProcesses(cookie)).toHaveLength(1);
    expect(world.ledger.records).toHaveLength(1);
    world.truth.assertNoViolations();
  });

  it("should give its connections names that no former gateway's have", async () => {
    const world = createWorld();
    world.gateway.kill();
    const next = world.startGateway();
    await connect({ ...world, transportFactory: next.transportFactory });
    expect(next.nameOf("c1")).toBe("c1@2");
    expect(world.truth.liveProcesses("c1@2")).toHaveLength(1);
    expect(world.truth.events({ type: "opened", connectionId: "c1@2" })).toHaveLength(1);
  });

  it("should sweep no further when it is killed itself", async () => {
    const world = createWorld({ behaviours: { files: { tree: { onEof: "ignored", onSigterm: "ignored" } } } });
    await connect(world);
    world.gateway.kill();
    const next = world.startGateway();
    void next.sweep();
    await world.clock.advanceBy(100);
    next.kill();
    await world.clock.advanceBy(10_000);
    expect(commandsLeft(world)).toHaveLength(1);
    await world.clock.run(world.startGateway().sweep());
    world.truth.assertNothingLeft();
  });
});

describe("a virtual gateway whose disk is full", () => {
  const full = { intend: { fail: noSpaceError() } };

  it("should start nothing, unless it is to continue without a record", async () => {
    const refusing = createWorld({ behaviours: stubborn, ledgerPlans: full });
    await expect(connect(refusing)).rejects.toMatchObject({ code: "OPEN_FAILED" });
    const continuing = createWorld({ behaviours: stubborn, ledgerPlans: full, onLedgerFailure: "continue" });
    await connect(continuing);
    expect(commandsLeft(refusing)).toEqual([]);
    expect(commandsLeft(continuing)).toHaveLength(2);
    expect(continuing.ledger.records).toEqual([]);
  });
});
