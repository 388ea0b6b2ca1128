import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import * as fc from "fast-check";

/** One request as bytes, and how they are sent. */
export interface FuzzedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** `cut` closes in the middle, `slow` sends byte after byte for a while, `half` closes its own side and waits. */
  readonly delivery: "whole" | "slow" | "cut" | "half";
}

/** What a stranger may know, and what is his own. */
export interface Known {
  readonly token: string;
  readonly ownSession: string;
  readonly strangersKey: string;
}

const methods = fc.constantFrom("GET", "POST", "DELETE", "OPTIONS", "HEAD", "PUT", "PATCH", "TRACE", "BREW");
const rpcMethods = fc.constantFrom(
  "initialize",
  "ping",
  "tools/list",
  "tools/call",
  "resources/read",
  "resources/subscribe",
  "prompts/get",
  "completion/complete",
  "logging/setLevel",
  "notifications/cancelled",
  "notifications/progress",
  "notifications/initialized",
  "__proto__",
  "constructor",
);
const word = fc.oneof(
  fc.string(),
  fc.constantFrom("server__echo", "server__hang", "__proto__", "toString", "file:///etc/passwd"),
);

function bodies(): fc.Arbitrary<string> {
  const params = fc.dictionary(
    fc.constantFrom(
      "name",
      "uri",
      "cursor",
      "level",
      "arguments",
      "ref",
      "requestId",
      "progressToken",
      "_meta",
      "protocolVersion",
    ),
    fc.oneof(word, fc.jsonValue()) as fc.Arbitrary<unknown>,
  );
  const id = fc.oneof(fc.integer(), fc.string(), fc.constant(null), fc.double()) as fc.Arbitrary<unknown>;
  const message = fc.record(
    { jsonrpc: fc.constantFrom("2.0", "1.0"), id, method: rpcMethods, params },
    { requiredKeys: ["method"] },
  );
  const answer = fc.record({ jsonrpc: fc.constant("2.0"), id, result: fc.jsonValue() });
  return fc.oneof(
    { weight: 6, arbitrary: message.map((one) => JSON.stringify(one)) },
    fc.array(fc.oneof(message, answer), { maxLength: 5 }).map((batch) => JSON.stringify(batch)),
    fc.json(),
    fc.string(),
    fc.constantFrom("", "{", "[".repeat(5_000), `"${"x".repeat(20_000)}"`, '{"__proto__":{"polluted":true}}'),
  );
}

/** Any request that a stranger may send. */
export function fuzzedRequests({ token, ownSession, strangersKey }: Known): fc.Arbitrary<FuzzedRequest> {
  const session = fc.oneof(
    { weight: 4, arbitrary: fc.constant(ownSession) },
    fc.constantFrom(strangersKey, "", "x".repeat(5_000), `${ownSession}, ${ownSession}`),
    fc.uuid(),
  );
  const header = fc.oneof(
    fc.tuple(fc.constant("Mcp-Session-Id"), session),
    fc.tuple(
      fc.constant("Authorization"),
      fc.constantFrom(`Bearer ${token}`, `Bearer ${token}`, "Bearer guessed-token", `Basic ${token}`, ""),
    ),
    fc.tuple(fc.constant("Accept"), fc.constantFrom("application/json, text/event-stream", "text/event-stream", "*/*")),
    fc.tuple(
      fc.constant("Content-Type"),
      fc.constantFrom("application/json", "text/plain", "application/json; charset=utf-16"),
    ),
    fc.tuple(fc.constant("Host"), fc.constantFrom("localhost", "evil.example", "[::1]:1", "a b", "")),
    fc.tuple(fc.constant("Origin"), fc.constantFrom("http://localhost", "https://evil.example", "null")),
    fc.tuple(
      fc.constantFrom("Last-Event-ID", "Mcp-Protocol-Version", "X-Anything"),
      fc.constantFrom("1", "2025-11-25", "1999-01-01", "é"),
    ),
    fc.tuple(
      fc.constantFrom("Transfer-Encoding", "Content-Length", "Expect"),
      fc.constantFrom("chunked", "5", "100-continue", "-1"),
    ),
  );
  const paths = fc.oneof(
    { weight: 4, arbitrary: fc.constant("/mcp") },
    fc.constantFrom(
      "/sessions",
      `/sessions/${strangersKey}x`,
      "/sessions/x/reset",
      "/healthz",
      "/",
      "//",
      "/mcp?x=1",
      "/%00",
      "*",
      "http://x/mcp",
    ),
    fc.webPath(),
  );
  return fc.record({
    method: fc.oneof({ weight: 3, arbitrary: fc.constant("POST") }, methods),
    path: paths,
    headers: fc.array(header, { maxLength: 7 }),
    body: bodies(),
    delivery: fc.oneof({ weight: 5, arbitrary: fc.constant("whole" as const) }, fc.constantFrom("slow", "cut", "half")),
  });
}

/** How long a stranger waits for more of an answer. */
const patienceMs = 60;

/** Sends it, and gives whatever came back. Never rejects: what becomes of the connection is the stranger's to bear. */
export async function send(port: number, request: FuzzedRequest): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  let answered = "";
  const closed = new Promise<void>((resolve) => {
    socket.setEncoding("utf8").on("data", (text: string) => (answered += text));
    socket
      .on("error", () => resolve())
      .on("end", () => resolve())
      .on("close", () => resolve());
    socket.setTimeout(patienceMs, () => resolve());
  });
  await deliver(request, (text) => void socket.write(text));
  if (request.delivery === "half") socket.end();
  if (request.delivery !== "cut") await closed;
  socket.destroy();
  return answered;
}

async function deliver({ method, path, headers, body, delivery }: FuzzedRequest, write: (text: string) => void) {
  const names = new Set(headers.map(([name]) => name));
  const all = [
    ...(names.has("Host") ? [] : [["Host", "localhost"]]),
    ...(names.has("Content-Length") || names.has("Transfer-Encoding")
      ? []
      : [["Content-Length", String(Buffer.byteLength(body))]]),
    ...headers,
    ["Connection", "close"],
  ];
  const text = `${method} ${path} HTTP/1.1\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`;
  if (delivery === "cut") return write(text.slice(0, Math.floor(text.length / 2)));
  if (delivery !== "slow") return write(text);
  for (const part of [text.slice(0, 10), text.slice(10, 60), text.slice(60)]) {
    write(part);
    await pause(5);
  }
}
