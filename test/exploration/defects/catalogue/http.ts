import type { Defect } from "../defect.js";
import { matrixCell, scenarioOf, transportTest } from "./known-tests.js";

/** Of sessions and streams that servers keep for us. */
export const httpDefects: readonly Defect[] = [
  {
    id: "no-delete",
    what: "the goodbye of an HTTP session is not said, and counts as said",
    file: "src/transports/http-session.ts",
    find: "if (this.#id === undefined) return false;",
    replace: `this.#id = undefined;
    if (this.#id === undefined) return true;`,
    caughtBy: matrixCell("a Streamable HTTP server should leave nothing when its session is ended while idle"),
  },
  {
    id: "delete-after-close",
    what: "the DELETE is sent by the way that the closing has shut",
    file: "src/transports/streamable-http-handle.ts",
    find: "fetch: connection.lastFetch,",
    replace: "fetch: connection.fetch,",
    caughtBy: scenarioOf("LP-39", "a session whose id arrives after the connect timed out"),
  },
  {
    id: "delete-404-is-failure",
    what: "a session that the server has forgotten cannot be deleted for ever",
    file: "src/transports/http-session.ts",
    find: "if (!response.ok && response.status !== 404 && response.status !== 405) {",
    replace: "if (!response.ok && response.status !== 405) {",
    caughtBy: scenarioOf("LP-38", "a server that answers 404"),
  },
  {
    id: "failed-delete-is-success",
    what: "a DELETE that was refused counts as a goodbye",
    file: "src/transports/http-session.ts",
    find: "if (!response.ok && response.status !== 404 && response.status !== 405) {",
    replace: "if (response.status === 0) {",
    caughtBy: scenarioOf("LP-52"),
  },
  {
    id: "late-session-unlearned",
    what: "an opening that is given up cuts the initialize whose answer names the session",
    file: "src/transports/streamable-http-handle.ts",
    find: `connection.fence();
      return connection.initializeSettled();`,
    replace: `connection.close();
      return connection.initializeSettled();`,
    caughtBy: scenarioOf("LP-39", "a session whose id arrives after the connect timed out"),
  },
  {
    id: "unknown-session-not-reported",
    what: "a session whose id was never learned counts as none",
    file: "src/transports/http-session.ts",
    find: "if (!inputEnded || this.#unanswered <= 0) return undefined;",
    replace: "if (this.#id === undefined) return undefined;",
    caughtBy: scenarioOf("LP-39", "a session whose id is never learned"),
  },
  {
    id: "streams-resumed-after-close",
    what: "a stream that waits to be resumed is opened after the close",
    file: "src/transports/stream-resumption.ts",
    find: `this.#stopped = true;
    for (const timer of this.#timers) this.#options.clock.clearTimeout(timer);
    this.#timers.clear();`,
    replace: "this.#stopped = true;",
    caughtBy: transportTest("http-streams", "LP-40 should keep no timer"),
  },
  {
    id: "event-source-reconnects",
    what: "the SDK sees the end of an SSE stream, and opens it again behind our back",
    file: "src/transports/sse-handle.ts",
    find: "hideStreamEnds: true,",
    replace: "hideStreamEnds: false,",
    caughtBy: transportTest("sse-handle", "LP-41 should open nothing later"),
  },
  {
    id: "expired-session-kept",
    what: "a connection whose session expired stays open",
    file: "src/transports/streamable-http-handle.ts",
    find: "if (exchange.inSession && expired && response.status === 404) {",
    replace: "if (exchange.inSession && expired && response.status === 410) {",
    caughtBy: scenarioOf("LP-42"),
  },
  {
    id: "http-session-not-recorded",
    what: "a session that a server keeps for us is not in the ledger",
    file: "src/transports/http-session.ts",
    find: "    this.#options.ledger.kept(id);\n",
    replace: "",
    caughtBy: transportTest("streamable-http-handle", "should have its session in the ledger"),
  },
  {
    id: "deleted-session-stays-recorded",
    what: "the record of a session that was deleted stays",
    file: "src/transports/http-session.ts",
    find: "    this.#options.ledger.remove();\n",
    replace: "",
    caughtBy: transportTest("streamable-http-handle", "should have its session in the ledger"),
  },
];
