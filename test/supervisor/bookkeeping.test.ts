import { describe, expect, test } from "vitest";
import type { TransportHandle, TransportLook } from "../../src/ports/index.js";
import { CallRegister } from "../../src/supervisor/calls.js";
import { holdsTree, receiptOf } from "../../src/supervisor/custody-record.js";
import { EventHub } from "../../src/supervisor/events.js";
import { noLogger } from "../../src/ports/index.js";
import { presets } from "../../src/testing/simulation/index.js";
import { custodyOf, entry, leader, leaderLeft, nothingLeft, tree } from "./one-connection.js";
import { simulate } from "./simulated.js";

const remote = { url: "http://virtual.test/mcp", idKnown: true, problem: "503" };

function recordOf(handle: Partial<TransportHandle>, look?: TransportLook) {
  const record = custodyOf(handle).custody.open(entry("c"));
  record.look = look;
  return record;
}

describe("the limit of trees", () => {
  test("should count a process from before it is known, whatever holds it, and nothing that has none", () => {
    expect(holdsTree(recordOf({ kind: "stdio", tree: undefined }))).toBe(true);
    expect(holdsTree(recordOf({ kind: "adopted", tree }))).toBe(true);
    expect(holdsTree(recordOf({ kind: "streamable-http", tree: undefined }))).toBe(false);
  });

  test("should count a leak until only a remote session is left of it", () => {
    const remoteLeft = { ...nothingLeft, empty: false, remote };
    const leaked = recordOf({}, remoteLeft);
    expect(holdsTree(leaked)).toBe(true);
    leaked.state = "leaked";
    expect(holdsTree(leaked)).toBe(false);
    for (const look of [undefined, leaderLeft, nothingLeft, { ...remoteLeft, survivors: [leader] }]) {
      leaked.look = look;
      expect(holdsTree(leaked)).toBe(true);
    }
  });

  test("should not count servers without one, nor refuse them", async () => {
    const { supervisor, run } = simulate({ files: {}, web: { http: {} } }, { limits: { trees: 1 } });
    const lease = await supervisor.session("chat").acquire();
    await run(lease.client("web"));
    await run(lease.client("files"));
    expect(supervisor.inspect()).toMatchObject({ admission: { liveSessions: 1, trees: 1 }, netUsed: 0 });
    const other = await supervisor.session("other").acquire();
    await run(other.client("web"));
    const place = { code: "ADMISSION", limit: "trees", session: "other", server: "files" };
    await expect(run(other.client("files"))).rejects.toMatchObject(place);
    await run(supervisor.shutdown());
  });
});

describe("the limit of live sessions", () => {
  test("should count who is live, refuse who is not, and name whom it refused", async () => {
    const { supervisor, run } = simulate({ files: {} }, { limits: { liveSessions: 1 } });
    supervisor.session("dormant");
    const live = supervisor.session("chat");
    await live.acquire();
    await live.acquire();
    expect(supervisor.inspect().admission).toMatchObject({ liveSessions: 1 });
    const refused = { code: "ADMISSION", limit: "liveSessions", session: "other" };
    await expect(supervisor.session("other").acquire()).rejects.toMatchObject(refused);
    await run(supervisor.shutdown());
  });
});

describe("a receipt of a connection", () => {
  test("should list what was seen last, and nothing where nobody looked", async () => {
    const blind = recordOf({});
    expect(receiptOf(blind, "leaked")).toMatchObject({
      outcome: "leaked",
      wasOpen: false,
      survivors: [],
      unreaped: [],
      doubtful: [],
    });
    await blind.opened;
    const look = { ...leaderLeft, unreaped: [leader], doubtful: [leader] };
    const seen = { ...blind, look };
    expect(receiptOf(seen, "proved")).toMatchObject({ outcome: "closed", wasOpen: true, ...seenLists(look) });
  });

  const seenLists = ({ survivors, unreaped, doubtful }: TransportLook) => ({ survivors, unreaped, doubtful });
});

describe("calls in flight", () => {
  test("should let go whoever waits for the last of them, and only then", async () => {
    const counts: number[] = [];
    const calls = new CallRegister((inFlight) => counts.push(inFlight));
    const [one, two] = [calls.start(() => undefined), calls.start(() => undefined)];
    let isQuiet = false;
    const quiet = calls.quiet(new AbortController().signal).then(() => (isQuiet = true));
    one.finish();
    one.finish();
    await Promise.resolve();
    expect(isQuiet).toBe(false);
    two.finish();
    await quiet;
    expect(counts).toEqual([1, 2, 1, 0]);
  });

  test("should keep nobody who gave up waiting", async () => {
    const calls = new CallRegister(() => undefined);
    const call = calls.start(() => undefined);
    const patience = new AbortController();
    const quiet = calls.quiet(patience.signal);
    patience.abort(new Error("no patience"));
    await expect(quiet).rejects.toThrow("no patience");
    call.finish();
    expect(calls.inFlight).toBe(0);
  });
});

describe("an event hub", () => {
  test("should refuse an event that there is not, and a listener that is none", () => {
    const hub = new EventHub(noLogger);
    expect(() => hub.on("toString" as never, () => undefined)).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID", field: "event" }),
    );
    expect(() => hub.on("receipt", "log" as never)).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID", field: "listener" }),
    );
  });

  test("should tell the same listener as often as it listens, until each is disposed", () => {
    const hub = new EventHub(noLogger);
    const told: unknown[] = [];
    const listener = (event: unknown) => told.push(event);
    const [first, second] = [hub.on("ledger", listener), hub.on("ledger", listener)];
    hub.emit("ledger", { state: "off" } as never);
    first.dispose();
    hub.emit("ledger", { state: "off" } as never);
    second[Symbol.dispose]();
    hub.emit("ledger", { state: "off" } as never);
    expect(told).toHaveLength(3);
  });

  test("should log which listener threw, at once or later, and go on", async () => {
    const logged: unknown[] = [];
    const hub = new EventHub({ ...noLogger, error: (...line: unknown[]) => logged.push(line) });
    const [now, later] = [new Error("now"), new Error("later")];
    hub.on("ledger", () => {
      throw now;
    });
    // oxlint-disable-next-line typescript/no-misused-promises -- a listener that is async is what is tried
    hub.on("ledger", () => Promise.reject(later));
    hub.on("ledger", () => "nothing that rejects");
    hub.emit("ledger", { state: "off" } as never);
    await Promise.resolve();
    expect(logged).toEqual([now, later].map((err) => [{ event: "ledger", err }, expect.any(String)]));
  });
});

describe("generations of a key", () => {
  test("should be served by the next one while a former one is closing, and by none once it is closed", async () => {
    const { supervisor, run } = simulate({ files: presets.exitsLate });
    const parent = supervisor.session("parent");
    const first = supervisor.session("chat", { parent });
    await run(first.run((lease) => lease.client("files")));
    const ended = first.end();
    const second = supervisor.session("chat");
    expect(second).not.toBe(first);
    await run(ended);
    expect(supervisor.session("chat")).toBe(second);
    await run(parent.end());
    expect(second.state).toBe("active.dormant");
    await run(second.end());
    expect(supervisor.inspect().sessions).toEqual([]);
    expect(supervisor.session("chat")).not.toBe(second);
  });
});
