import { createActor, createEmptyActor } from "xstate";
import { describe, expect, it } from "vitest";
import { type RuntimeInput, runtimeMachine, type ServerSpec } from "../../src/machines/index.js";
import { millisecondGraces } from "../exploration/millisecond-graces.js";
import { silentPort } from "../exploration/silent-port.js";
import { after, deeds, sent, type Step } from "./steps.js";

const restart = { initialDelayMs: 10, maxDelayMs: 80, limit: 3, withinMs: 1_000 };
const spec = (fingerprint: string, more: Partial<ServerSpec> = {}): ServerSpec => ({
  fingerprint,
  graces: millisecondGraces,
  hasGoodbye: false,
  required: false,
  idleTimeoutMs: 0,
  restart,
  ...more,
});
const servers = { files: spec("files"), web: spec("web") };
const input: RuntimeInput = {
  id: "r",
  servers,
  leakedServers: [],
  wanted: ["files", "web"],
  catalogue: {},
  port: silentPort,
  parent: createEmptyActor(),
};
const runtime = (...steps: Step[]) => after(runtimeMachine, input, ...steps);
const does = (...steps: Step[]) => deeds(runtimeMachine, input, ...steps);

const files = "r/files.1";
const web = "r/web.2";
const opened = (id: string, tools: readonly unknown[] = []) => ({ type: "CONNECTION.OPENED", id, tools });
const closing = (id: string) => ({ type: "CONNECTION.CLOSING", id });
const lost = { kind: "lost" as const };
const leaked = (id: string, remoteOnly: boolean) => ({
  type: "CONNECTION.LEAKED",
  id,
  remoteOnly,
  wasOpen: true,
  failure: lost,
  at: 100,
});
const done = (actor: string, { failure }: { failure: object | undefined } = { failure: lost }) => ({
  type: `xstate.done.actor.${actor}`,
  output: { kind: "connection", id: "", server: "", wasOpen: true, failure, how: "proved", at: 100 },
});
const reload = (configuration: object) => ({ type: "RELOAD", servers: configuration });
const bothOpen = [opened(files), opened(web)];

describe("a runtime that hears of a connection", () => {
  it("should know its tools when it is open, and again when they were listed anew", () => {
    expect(runtime(opened(files, ["read"])).context.servers).toMatchObject({
      files: { tools: ["read"] },
      web: { tools: undefined },
    });
    const listed = { type: "TOOLS", connection: files, tools: ["write"] };
    expect(runtime(opened(files, ["read"]), listed).context.servers["files"]?.tools).toEqual(["write"]);
    const unknown = { ...listed, connection: "r/files.9" };
    expect(runtime(opened(files, ["read"]), unknown).context.servers["files"]?.tools).toEqual(["read"]);
  });

  it("should learn nothing of a server from a connection under its former configuration", () => {
    const changed = [reload({ ...servers, files: spec("other") })];
    const late = runtime(...changed, opened(files, ["read"]));
    expect(late.context.servers["files"]).toMatchObject({ tools: undefined, wanted: true });
    const failed = runtime(opened(files), ...changed, closing(files), done("c1"));
    expect(failed.context.servers["files"]).toMatchObject({ failures: [], failure: undefined });
  });

  it("should hold a server whose tree leaked, and let it be asked for again after the proof", () => {
    const local = [...bothOpen, closing(files), leaked(files, false)];
    expect(runtime(...local).context).toMatchObject({
      servers: { files: { failure: { kind: "leaked" }, wanted: false, backoff: false }, web: { failure: undefined } },
      connections: { [files]: { state: "leaked", remoteOnly: false }, [web]: { state: "open" } },
    });
    const { servers: proved, connections } = runtime(...local, done("c1")).context;
    expect(Object.keys(connections)).toEqual([web]);
    expect(proved["files"]).toMatchObject({ failure: undefined, failures: [], wanted: false });
  });

  it("should reopen a server of which only a remote session leaked, after its back-off", () => {
    const remote = [...bothOpen, closing(files), leaked(files, true)];
    expect(does(...remote)).toEqual(["disarm restart:files", "arm restart:files: RESTART in 10 ms"]);
    expect(does(...remote, { type: "RESTART", server: "files" })).toEqual(["spawn c3"]);
    expect(does(...remote, { type: "RESTART", server: "web" })).toEqual([]);
  });

  it("should reopen a lost server after its back-off, and no other", () => {
    const lostOne = [...bothOpen, closing(files), done("c1")];
    expect(does(...lostOne)).toEqual(["stop c1", "disarm restart:files", "arm restart:files: RESTART in 10 ms"]);
    expect(does(...bothOpen, closing(files), done("c1", { failure: undefined }))).toEqual(["stop c1"]);
    expect(does(...bothOpen, { type: "FENCE" }, closing(files), done("c1"))).toEqual(["stop c1"]);
    // One that was given up says no time, from which a back-off could be counted.
    const givenUp = { type: "xstate.done.actor.c2", output: { ...done("c2").output, how: "forgotten", at: undefined } };
    expect(does(...lostOne, closing(web), givenUp)).toEqual(["stop c2"]);
  });

  it("should tell its session that a server it requires has failed, once it is not wanted any more", () => {
    const required = {
      ...input,
      servers: { files: spec("files", { required: true, restart: false }), web: spec("web") },
    };
    const ends = [opened(files), closing(files), done("c1")];
    expect(deeds(runtimeMachine, required, ...ends)).toContain("tell parent RUNTIME.REQUIRED_FAILED");
    expect(deeds(runtimeMachine, required, { type: "FENCE" }, ...ends)).toEqual(["stop c1"]);
    expect(deeds(runtimeMachine, required, opened(web), closing(web), done("c2"))).not.toContain(
      "tell parent RUNTIME.REQUIRED_FAILED",
    );
  });

  it("should be told nothing by a connection that it does not have", () => {
    const before = runtime(...bothOpen).context;
    for (const event of [opened("r/x.9"), closing("r/x.9"), leaked("r/x.9", false), done("c9")])
      expect(runtime(...bothOpen, event).context).toEqual(before);
    expect(does(...bothOpen, { type: "LOST", connection: "r/x.9" })).toEqual([]);
    expect(does(...bothOpen, { type: "SERVER_IDLE", connection: "r/x.9" })).toEqual([]);
  });

  it("should pass on what concerns one connection, to that connection", () => {
    for (const type of ["LOST", "RETRY", "FORGET"])
      expect(does(...bothOpen, { type, connection: web })).toEqual([`tell c2 ${type}`]);
  });
});

describe("a runtime that is fenced and closed", () => {
  it("should close what is opening at the fence, and leave what is open its calls", () => {
    expect(does(opened(files), { type: "FENCE" })).toEqual([
      "disarm restart:files",
      "disarm restart:web",
      "tell c2 CLOSE",
    ]);
  });

  it("should want nothing any more", () => {
    const waiting = [...bothOpen, closing(files), done("c1"), { type: "FENCE" }];
    expect(runtime(...waiting).context).toMatchObject({
      fenced: true,
      servers: { files: { wanted: false, backoff: false } },
    });
  });

  it("should close and hurry all that is not leaked", () => {
    const one = [...bothOpen, closing(files), leaked(files, false)];
    expect(does(...one, { type: "HURRY", at: 0, deadline: 9 })).toEqual(["tell c2 HURRY"]);
    expect(does(...one, { type: "CLOSE" })).toEqual(["disarm restart:files", "disarm restart:web", "tell c2 CLOSE"]);
  });

  it("should tell its session what is leaked once nothing else is left, and which of it holds a server", () => {
    const ending = [...bothOpen, { type: "CLOSE" }, closing(files), closing(web)];
    expect(does(...ending, leaked(files, false))).toEqual([]);
    expect(does(...ending, leaked(files, false), leaked(web, true))).toEqual(["tell parent RUNTIME.LEAKED"]);
    expect(does(...ending, done("c1"), leaked(web, true))).toEqual(["tell parent RUNTIME.LEAKED"]);
    expect(does(...ending, done("c1"), done("c2"))).toEqual(["stop c2"]);
    expect(sent(runtimeMachine, input, ...ending, leaked(files, false), leaked(web, true))).toEqual([
      { type: "RUNTIME.LEAKED", id: "r", servers: ["files"] },
    ]);
  });
});

describe("a reload of a runtime", () => {
  it("should drain what it replaces, and forget the restarts of what is gone", () => {
    expect(does(...bothOpen, reload({ web: spec("web") }))).toEqual(["tell c1 DRAIN", "disarm restart:files"]);
    expect(does(...bothOpen, reload({ ...servers, web: spec("other") }))).toEqual(["tell c2 DRAIN"]);
    expect(does(...bothOpen, reload(servers))).toEqual([]);
    expect(does(opened(web), reload({ ...servers, files: spec("other") }))).toEqual(["tell c1 DRAIN"]);
  });

  it("should leave alone what closes already", () => {
    const steps = [...bothOpen, closing(files), reload({ web: spec("web") })];
    expect(does(...steps)).toEqual(["disarm restart:files"]);
    expect(runtime(...steps).context.connections[files]?.state).toBe("closing");
  });
});

describe("the idle time of a server", () => {
  const idle = { ...input, servers: { files: spec("files", { idleTimeoutMs: 500 }), web: spec("web") } };
  const used = (connection: string, inFlight: number) => ({ type: "USED", connection, inFlight });
  const doesIdle = (...steps: Step[]) => deeds(runtimeMachine, idle, ...steps);
  const armed = [`disarm idle:${files}`, `arm idle:${files}: SERVER_IDLE in 500 ms`];

  it("should begin when it is open, and anew when its last call ends", () => {
    expect(doesIdle(opened(files))).toEqual(armed);
    expect(doesIdle(opened(files), used(files, 0))).toEqual(armed);
    expect(doesIdle(opened(files), used(files, 1))).toEqual([`disarm idle:${files}`]);
  });

  it("should be none where none is configured", () => {
    expect(doesIdle(opened(web))).toEqual([`disarm idle:${web}`]);
  });

  it("should drain an open connection when it is over, and no other", () => {
    const over = { type: "SERVER_IDLE", connection: files };
    expect(doesIdle(opened(files), over)).toEqual(["tell c1 DRAIN"]);
    expect(after(runtimeMachine, idle, opened(files), over).context.connections[files]?.state).toBe("draining");
    expect(doesIdle(opened(files), closing(files), over)).toEqual([]);
  });

  it("should be forgotten when its connection closes", () => {
    expect(doesIdle(opened(files), closing(files))).toEqual([`disarm idle:${files}`]);
  });
});

describe("a runtime one of whose connections is in error", () => {
  const error = new Error("machine");
  const inError = (actor: string) => ({ type: `xstate.error.actor.${actor}`, error }) as never;

  function started(more: Partial<RuntimeInput> = {}) {
    const taken: unknown[] = [];
    const port = { ...silentPort, takeOver: (id: string, why: unknown) => taken.push([id, why]) };
    const actor = createActor(runtimeMachine, { input: { ...input, parent: undefined, port, ...more } });
    actor.start();
    return { actor, taken };
  }

  it("should have custody take it over, and hold its server until that is proved gone", () => {
    const { actor, taken } = started();
    actor.send(inError("c1"));
    expect(taken).toEqual([[files, error]]);
    const { context } = actor.getSnapshot();
    expect(Object.keys(context.connections)).toEqual([web]);
    expect(context).toMatchObject({
      leakedServers: ["files"],
      servers: { files: { failure: { kind: "leaked" }, wanted: false, backoff: false }, web: { failure: undefined } },
    });
    actor.send({ type: "UNLEAKED", server: "web" });
    expect(actor.getSnapshot().context.leakedServers).toEqual(["files"]);
    actor.send({ type: "UNLEAKED", server: "files" });
    expect(actor.getSnapshot().context).toMatchObject({
      leakedServers: [],
      servers: { files: { failure: undefined } },
    });
  });

  it("should do nothing about an actor that it does not have", () => {
    const { actor, taken } = started();
    actor.send(inError("c9"));
    expect(taken).toEqual([]);
    expect(actor.getSnapshot().status).toBe("active");
    expect(Object.keys(actor.getSnapshot().context.connections)).toEqual([files, web]);
  });

  it("should keep why another server failed when a leak is proved gone", () => {
    const { actor } = started({ servers: { ...servers, web: spec("web", { restart: false }) } });
    actor.send(done("c2") as never);
    actor.send({ type: "UNLEAKED", server: "web" });
    expect(actor.getSnapshot().context.servers["web"]?.failure).toEqual(lost);
  });

  it("should tell nobody what failed and what leaked where it belongs to no session", () => {
    const { actor } = started({
      servers: { files: spec("files", { required: true, restart: false }), web: spec("web") },
    });
    actor.send(done("c1") as never);
    actor.send({ type: "CLOSE" });
    actor.send(leaked(web, false) as never);
    expect(actor.getSnapshot()).toMatchObject({ status: "active", value: "ending" });
  });
});
