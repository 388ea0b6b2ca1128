import { describe, expect, it } from "vitest";
import {
  backOff,
  catalogueOf,
  initialServers,
  openConnection,
  reconfigured,
  replacedBy,
  serverStatus,
  startable,
  update,
  want,
} from "../../src/machines/runtime-plan.js";
import type { ConnectionRecord, RuntimeContext, RuntimeInput, ServerRecord } from "../../src/machines/runtime-types.js";
import { silentPort } from "../exploration/silent-port.js";
import { serverRecord, specOf } from "./server-record.js";

const connection = (state: ConnectionRecord["state"], more: Partial<ConnectionRecord> = {}): ConnectionRecord => ({
  id: "r/files.1",
  actor: "c1",
  server: "files",
  state,
  remoteOnly: false,
  fingerprint: "one",
  ...more,
});
const context = (files: ServerRecord, connections: ConnectionRecord[] = [], more: Partial<RuntimeContext> = {}) => ({
  id: "r",
  port: silentPort,
  parent: undefined,
  leakedServers: [],
  servers: { files },
  connections: Object.fromEntries(connections.map((each) => [each.id, each])),
  sequence: 1,
  fenced: false,
  ...more,
});
const lost = { kind: "lost" as const };

describe("a server of a runtime", () => {
  it.each([
    { is: "closed", of: context(serverRecord()) },
    { is: "waiting", of: context(serverRecord({ wanted: true })) },
    { is: "waiting", of: context(serverRecord({ wanted: true }), [connection("closing")]) },
    { is: "opening", of: context(serverRecord(), [connection("opening")]) },
    { is: "open", of: context(serverRecord(), [connection("open")]) },
    { is: "closing", of: context(serverRecord(), [connection("closing")]) },
    { is: "closing", of: context(serverRecord(), [connection("draining")]) },
    { is: "failed", of: context(serverRecord({ failure: lost })) },
    { is: "failed", of: context(serverRecord({ failure: lost }), [connection("closing")]) },
    { is: "leaked", of: context(serverRecord(), [connection("leaked")]) },
    { is: "leaked", of: context(serverRecord({ wanted: true }), [], { leakedServers: ["files"] }) },
    { is: "closed", of: context(serverRecord(), [connection("leaked", { remoteOnly: true })]) },
  ])("should be said to be $is", ({ is, of }) => {
    expect(serverStatus(of, "files")).toBe(is);
    expect(serverStatus(of, "toString")).toBe("unknown");
  });

  it("should be started if it is wanted, and only where nothing of it is left, no back-off runs and nothing is fenced", () => {
    const wanted = serverRecord({ wanted: true });
    expect(startable(context(wanted))).toEqual(["files"]);
    expect(startable(context(wanted, [connection("leaked", { remoteOnly: true })]))).toEqual(["files"]);
    expect(startable(context(wanted, [connection("closing", { server: "web" })]))).toEqual(["files"]);
    expect(startable(context(serverRecord()))).toEqual([]);
    expect(startable(context(wanted, [connection("closing")]))).toEqual([]);
    expect(startable(context(wanted, [connection("leaked")]))).toEqual([]);
    expect(startable(context(wanted, [], { leakedServers: ["files"] }))).toEqual([]);
    expect(startable(context(serverRecord({ wanted: true, backoff: true })))).toEqual([]);
    expect(startable(context(wanted, [], { fenced: true }))).toEqual([]);
  });

  it("should be wanted by who asks for it while it is closed or closing, and what failed before is over", () => {
    const anew = { wanted: true, failure: undefined };
    expect(want(context(serverRecord()), ["files"], 0)["files"]).toMatchObject(anew);
    expect(want(context(serverRecord(), [connection("closing")]), ["files"], 0)["files"]).toMatchObject(anew);
    expect(want(context(serverRecord()), ["web"], 0)["files"]?.wanted).toBe(false);
    expect(want(context(serverRecord(), [connection("open")]), ["files"], 0)["files"]?.wanted).toBe(false);
    expect(want(context(serverRecord(), [], { fenced: true }), ["files"], 0)["files"]?.wanted).toBe(false);
  });

  it("should not be wanted anew before its back-off is over: its failure is the answer", () => {
    const failed = context(serverRecord({ failure: lost, notBefore: 1_000 }));
    expect(want(failed, ["files"], 999)["files"]).toMatchObject({ wanted: false, failure: lost });
    expect(want(failed, ["files"], 1_000)["files"]).toMatchObject({ wanted: true, failure: undefined });
  });

  it("should wait twice as long after each failure, up to its longest back-off", () => {
    const policy = { initialDelayMs: 100, maxDelayMs: 350, limit: 9, withinMs: 1_000 };
    expect([0, 1, 2, 3].map((failures) => backOff(policy, failures))).toEqual([100, 100, 200, 350]);
  });

  it("should be replaced where it looks different or is gone, unless it is leaked", () => {
    const open = context(serverRecord(), [connection("open")]);
    expect(replacedBy(open, { files: specOf("one") })).toEqual([]);
    expect(replacedBy(open, { files: specOf("two") })).toEqual([connection("open")]);
    expect(replacedBy(open, {})).toEqual([connection("open")]);
    expect(replacedBy(context(serverRecord(), [connection("leaked")]), {})).toEqual([]);
  });

  it("should keep everything under a configuration that looks the same", () => {
    const before = context(serverRecord({ wanted: true, failures: [7], tools: ["read"] }));
    const same = { ...specOf("one"), required: true };
    expect(reconfigured(before, { files: same })["files"]).toEqual({ ...before.servers.files, spec: same });
  });

  it.each([
    { was: "open", state: "open" as const, wanted: true },
    { was: "being opened", state: "opening" as const, wanted: true },
    { was: "closing", state: "closing" as const, wanted: false },
  ])("should begin anew under one that does not, wanted: $wanted where it was $was", ({ state, wanted }) => {
    const before = context(serverRecord({ failures: [7], failure: lost, tools: ["read"] }), [connection(state)]);
    const after = reconfigured(before, { files: specOf("two") });
    expect(after["files"]).toEqual(serverRecord({ spec: specOf("two"), wanted }));
    expect(Object.keys(reconfigured(before, { web: specOf("web") }))).toEqual(["web"]);
  });

  it("should be open on the connection that is, whatever others it has", () => {
    const [older, open] = [connection("leaked", { remoteOnly: true }), connection("open", { id: "r/files.2" })];
    const both = context(serverRecord(), [older, open]);
    expect(openConnection(both, "files")).toBe(open);
    expect(openConnection(context(serverRecord(), [older]), "files")).toBeUndefined();
    expect(reconfigured(both, { files: specOf("two") })["files"]?.wanted).toBe(true);
  });

  it("should not be wanted by a configuration that brings it", () => {
    expect(reconfigured(context(serverRecord()), { web: specOf("web") })["web"]).toMatchObject({ wanted: false });
  });

  it("should stay wanted where it waited for its turn when its configuration changed", () => {
    expect(reconfigured(context(serverRecord({ wanted: true })), { files: specOf("two") })["files"]?.wanted).toBe(true);
  });

  it("should begin with the tools that are known of it, as long as it looks the same", () => {
    const known = { files: { fingerprint: "one", tools: ["read"] } };
    const input = (fingerprint: string): RuntimeInput => ({
      id: "r",
      servers: { files: specOf(fingerprint), web: specOf("web") },
      leakedServers: [],
      wanted: ["web"],
      catalogue: known,
      port: silentPort,
    });
    expect(initialServers(input("one"))).toMatchObject({
      files: { wanted: false, tools: ["read"] },
      web: { wanted: true, tools: undefined },
    });
    expect(initialServers(input("two"))["files"]?.tools).toBeUndefined();
    expect(catalogueOf(context(serverRecord({ tools: ["read"] })))).toEqual(known);
    expect(catalogueOf(context(serverRecord()))).toEqual({});
  });

  it("should be left alone where it is not there any more", () => {
    const { servers } = context(serverRecord());
    expect(update(servers, ["toString", "web"], () => serverRecord({ wanted: true }))).toEqual(servers);
  });
});
