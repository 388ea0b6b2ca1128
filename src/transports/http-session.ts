import type { FetchLike } from "@modelcontextprotocol/sdk/shared/transport.js";
import { LifecycleError } from "../errors/index.js";
import type { ClientContext, RemoteSession } from "../ports/index.js";
import type { Exchange } from "./exchange.js";
import { followWithinOrigin } from "./follow-within-origin.js";
import { abortable } from "./linked-abort.js";
import { placeOf, reasonOf } from "./open-error.js";
import type { SessionLedger } from "./tree-ledger.js";

export interface HttpSessionOptions {
  readonly url: URL;
  readonly context: ClientContext;
  readonly fetch: FetchLike;
  /** As of `authProvider.tokens()`, if there is one. */
  readonly accessToken: () => Promise<string | undefined>;
  /** Told what the server keeps, and that it keeps it no more. */
  readonly ledger: SessionLedger;
}

/**
 * What the server may keep for us, by the evidence of requests and answers. Learned at the fetch, because the SDK forgets an initialize
 * it has given up, and with it the session that the server made (LP-39).
 */
export class HttpSession {
  protocolVersion: string | undefined;
  readonly #options: HttpSessionOptions;
  #id: string | undefined;
  #unanswered = 0;
  #reached = true;
  #problem = "its DELETE was not sent";

  constructor(options: HttpSessionOptions) {
    this.#options = options;
  }

  /** The last initialize that failed cannot have reached the server. */
  get unreached(): boolean {
    return !this.#reached;
  }

  sent({ initializes }: Exchange): void {
    if (initializes) this.#unanswered += 1;
  }

  answered({ initializes, toServer, method }: Exchange, response: Response): void {
    if (initializes) this.#unanswered -= 1;
    const id = method === "POST" && toServer ? response.headers.get("mcp-session-id") : null;
    if (id === null || id === this.#id) return;
    this.#id = id;
    this.#options.ledger.kept(id);
  }

  failed({ initializes }: Exchange, thrown: unknown): void {
    if (!initializes) return;
    this.#reached = !neverReached(thrown);
    if (!this.#reached) this.#unanswered -= 1;
  }

  /** What is left of it; without an id only once nothing can be learned any more. */
  remote(inputEnded: boolean): RemoteSession | undefined {
    const { origin, pathname } = this.#options.url;
    const url = `${origin}${pathname}`;
    if (this.#id !== undefined) return { url, idKnown: true, problem: this.#problem };
    if (!inputEnded || this.#unanswered <= 0) return undefined;
    return {
      url,
      idKnown: false,
      problem: "initialize was sent and never answered; the server may have made a session",
    };
  }

  /**
   * Deletes it: 2xx, 404 (gone) and 405 (the server does not let clients delete) are success. Rejects with a `LifecycleError` for everything
   * else, and may be tried again. Resolves with whether there was one.
   */
  async delete(signal: AbortSignal): Promise<boolean> {
    if (this.#id === undefined) return false;
    const place = placeOf(this.#options.context);
    let response: Response;
    try {
      response = await this.#sendDelete(this.#id, signal);
      // Its body says nothing of use, and may never end.
      void response.body?.cancel().catch(() => undefined);
    } catch (cause) {
      this.#problem = `DELETE failed: ${reasonOf(signal.aborted ? signal.reason : cause)}`;
      throw new LifecycleError("RELEASE_FAILED", `the HTTP session was not deleted: ${this.#problem}`, {
        ...place,
        cause,
      });
    }
    if (!response.ok && response.status !== 404 && response.status !== 405) {
      this.#problem = `DELETE was answered with HTTP ${response.status}`;
      throw new LifecycleError("RELEASE_FAILED", `the HTTP session was not deleted: ${this.#problem}`, place);
    }
    this.#id = undefined;
    this.#options.ledger.remove();
    return true;
  }

  async #sendDelete(id: string, signal: AbortSignal): Promise<Response> {
    const { fetch, url } = this.#options;
    const headers = new Headers({ "mcp-session-id": id });
    if (this.protocolVersion !== undefined) headers.set("mcp-protocol-version", this.protocolVersion);
    const token = await abortable(this.#options.accessToken(), signal);
    if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
    return followWithinOrigin(fetch, url, { method: "DELETE", headers, signal });
  }
}

const unreachable = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

/** Whether an error of `fetch` says that no byte of the request was sent. In doubt it was. */
function neverReached(thrown: unknown): boolean {
  const errors: unknown[] = thrown instanceof AggregateError ? thrown.errors : [thrown];
  return (
    errors.length > 0 &&
    errors.every((error) => {
      if (!(error instanceof Error)) return false;
      const { code } = error as { code?: unknown };
      if (typeof code === "string") return unreachable.has(code);
      // Ports that the Fetch standard blocks are refused by fetch itself, without a code.
      if (error.message === "bad port") return true;
      return neverReached(error.cause);
    })
  );
}
