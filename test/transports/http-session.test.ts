import { describe, expect, test } from "vitest";
import type { Exchange } from "../../src/transports/exchange.js";
import { HttpSession } from "../../src/transports/http-session.js";
import { context } from "./support/opened.js";
import { rejection } from "./support/until.js";

const exchange = (about: Partial<Exchange> = {}): Exchange => ({
  method: "POST",
  toServer: true,
  inSession: false,
  initializes: false,
  listens: false,
  requestId: 1,
  lastEventId: undefined,
  ...about,
});
const initialize = exchange({ initializes: true });
const answer = (id?: string) => new Response(null, id === undefined ? {} : { headers: { "mcp-session-id": id } });

/** A session on a server that answers a DELETE with `status`, or breaks. */
function createSession({ status = 200, token }: { status?: number | Error; token?: string } = {}) {
  const deletes: Headers[] = [];
  const ledger: string[] = [];
  const session = new HttpSession({
    url: new URL("http://user:pass@127.0.0.1/mcp?key=secret"),
    context,
    fetch: (_url, init) => {
      deletes.push(new Headers(init?.headers));
      return status instanceof Error ? Promise.reject(status) : Promise.resolve(new Response(null, { status }));
    },
    accessToken: () => Promise.resolve(token),
    ledger: {
      kept: (id) => void ledger.push(id),
      remove: () => void ledger.push("removed"),
      settled: () => Promise.resolve(),
    },
  });
  return { session, deletes, ledger, remove: () => session.delete(AbortSignal.timeout(1_000)) };
}

describe("what a server may keep for us", () => {
  test("should be known by the id that it answers with, and told to the ledger once each", () => {
    const { session, ledger } = createSession();
    session.sent(initialize);
    session.answered(initialize, answer("s-1"));
    for (const id of ["s-1", "s-2"]) session.answered(exchange(), answer(id));
    session.answered(exchange(), answer());
    expect(ledger).toEqual(["s-1", "s-2"]);
    expect(session.remote(false)).toEqual({
      url: "http://127.0.0.1/mcp",
      idKnown: true,
      problem: "its DELETE was not sent",
    });
  });

  test.each<[string, Partial<Exchange>]>([
    ["to a stream that is asked for", { method: "GET", listens: true }],
    ["of a server of tokens", { toServer: false }],
  ])("should not be learned from an answer %s", (_what, about) => {
    const { session, ledger } = createSession();
    session.answered(exchange(about), answer("s-1"));
    expect(ledger).toEqual([]);
    expect(session.remote(true)).toBeUndefined();
  });

  test("should be suspected while an initialize has no answer, from the end of input on", () => {
    const { session } = createSession();
    session.sent(initialize);
    session.sent(exchange());
    session.answered(exchange(), answer());
    session.failed(exchange(), new Error("connect", { cause: refused }));
    expect(session.remote(false)).toBeUndefined();
    expect(session.remote(true)).toMatchObject({ url: "http://127.0.0.1/mcp", idKnown: false });
    session.answered(initialize, answer());
    expect(session.remote(true)).toBeUndefined();
  });
});

describe("the end of a session", () => {
  test("should be told to the server with what there is of session, protocol version and token", async () => {
    const { session, deletes, ledger, remove } = createSession({ token: "t0k3n" });
    session.answered(initialize, answer("s-1"));
    session.protocolVersion = "2025-11-25";
    expect(await remove()).toBe(true);
    expect(deletes.map((headers) => [...headers])).toEqual([
      [
        ["authorization", "Bearer t0k3n"],
        ["mcp-protocol-version", "2025-11-25"],
        ["mcp-session-id", "s-1"],
      ],
    ]);
    expect(ledger).toEqual(["s-1", "removed"]);
    expect(session.remote(true)).toBeUndefined();
    expect(await remove()).toBe(false);
  });

  test("should be told with the session alone where there is neither version nor token", async () => {
    const { session, deletes, remove } = createSession();
    session.answered(initialize, answer("s-1"));
    await remove();
    expect(deletes.map((headers) => [...headers])).toEqual([[["mcp-session-id", "s-1"]]]);
  });

  test("should not be told where no session was made", async () => {
    const { deletes, ledger, remove } = createSession();
    expect(await remove()).toBe(false);
    expect([...deletes, ...ledger]).toEqual([]);
  });

  test.each<[string, number | Error, string]>([
    ["was refused", 500, "HTTP 500"],
    ["broke", new Error("socket hang up"), "socket hang up"],
  ])("should be an error with its place, and the session be kept, where the DELETE %s", async (_how, status, why) => {
    const { session, ledger, remove } = createSession({ status });
    session.answered(initialize, answer("s-1"));
    const thrown = await rejection(remove());
    expect(thrown).toMatchObject({ code: "RELEASE_FAILED", session: "chat:42", server: "files" });
    expect(thrown).toMatchObject({ message: expect.stringContaining(why) as string });
    if (status instanceof Error) expect(thrown).toMatchObject({ cause: status });
    expect(session.remote(true)).toMatchObject({ idKnown: true, problem: expect.stringContaining(why) as string });
    expect(ledger).toEqual(["s-1"]);
  });
});

const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
const reset = Object.assign(new Error("reset"), { code: "ECONNRESET" });

describe("an initialize that failed", () => {
  test.each<[string, unknown]>([
    ["a refused connection", refused],
    ["a refused connection, as fetch tells it", new TypeError("fetch failed", { cause: refused })],
    ["each address refused", new AggregateError([refused, refused])],
    ["a port that fetch itself refuses", new TypeError("fetch failed", { cause: new Error("bad port") })],
  ])("should not have reached the server: %s", (_what, thrown) => {
    const { session } = createSession();
    session.sent(initialize);
    session.failed(initialize, thrown);
    expect(session.unreached).toBe(true);
    expect(session.remote(true)).toBeUndefined();
  });

  test.each<[string, unknown]>([
    ["a connection that broke", new TypeError("fetch failed", { cause: reset })],
    ["one address refused and another that broke", new AggregateError([refused, reset])],
    ["errors without an error", new AggregateError([])],
    ["an error without a cause", new TypeError("fetch failed")],
    ["something that is no error", { code: "ECONNREFUSED" }],
    ["a text", "ECONNREFUSED"],
  ])("should be taken for one that may have: %s", (_what, thrown) => {
    const { session } = createSession();
    session.sent(initialize);
    session.failed(initialize, thrown);
    expect(session.unreached).toBe(false);
    expect(session.remote(true)).toMatchObject({ idKnown: false });
  });
});
