import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import type { Refusal } from "./exchange.js";

/** Who may speak to the gateway. */
export interface AdmittanceOptions {
  /** Bearer token; without one whoever reaches the port is let in. */
  readonly token: string | undefined;
  /** Names by which the gateway may be addressed, beside `localhost` and IP addresses. */
  readonly allowedHosts: readonly string[];
  /** Web pages of other origins that may use it. */
  readonly allowedOrigins: readonly string[];
}

/**
 * Checks where a request claims to go and to come from, and its token. A page that an attacker's name was rebound to sends that name as
 * `Host`; a page of another site sends its `Origin`; neither is let in, whatever it asks for. An IP address cannot be rebound.
 */
export class Admittance {
  readonly #token: Buffer | undefined;
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;
  /** The last `Host` that was let in: most requests bring the same one as those before them. */
  #lastHost: string | undefined;

  constructor({ token, allowedHosts, allowedOrigins }: AdmittanceOptions) {
    this.#token = token === undefined ? undefined : digest(token);
    this.#hosts = new Set(["localhost", ...allowedHosts.map((host) => host.toLowerCase())]);
    this.#origins = new Set(allowedOrigins.map((origin) => origin.toLowerCase()));
  }

  /** Why it is not let in, if it is not. */
  refusal(request: IncomingMessage, { isPublic }: { isPublic: boolean }): Refusal | undefined {
    const { host = "", origin, authorization } = request.headers;
    if (host !== this.#lastHost && !this.#isOurs(host)) return wrongHost;
    this.#lastHost = host;
    if (origin !== undefined && !this.#isWelcome(origin, host)) return wrongOrigin;
    if (isPublic || this.#token === undefined) return undefined;
    return this.#isToken(authorization) ? undefined : noToken;
  }

  /** Whether a page of that origin gets the headers that let it read answers. */
  isForeignOrigin(origin: string | undefined): origin is string {
    return origin !== undefined && this.#origins.has(origin.toLowerCase());
  }

  #isOurs(host: string): boolean {
    if (!URL.canParse(`http://${host}`)) return false;
    const { hostname, username, pathname, search } = new URL(`http://${host}`);
    if (username !== "" || pathname !== "/" || search !== "") return false;
    return this.#hosts.has(hostname) || isIP(hostname.replace(/^\[(.*)\]$/, "$1")) !== 0;
  }

  #isWelcome(origin: string, host: string): boolean {
    const claimed = origin.toLowerCase();
    return claimed === `http://${host.toLowerCase()}` || this.#origins.has(claimed);
  }

  /** Digests have the same length whatever was sent, and are compared in the same time. */
  #isToken(authorization: string | undefined): boolean {
    const [, sent = ""] = /^Bearer +(\S+) *$/i.exec(authorization ?? "") ?? [];
    return this.#token !== undefined && timingSafeEqual(digest(sent), this.#token);
  }
}

const wrongHost: Refusal = {
  status: 403,
  code: "HOST_REFUSED",
  message: "this gateway is not known by the name in the Host header; start it with --allowed-host <name>",
};

const wrongOrigin: Refusal = {
  status: 403,
  code: "ORIGIN_REFUSED",
  message: "pages of this origin may not use this gateway; start it with --allowed-origin <origin>",
};

const noToken: Refusal = {
  status: 401,
  code: "UNAUTHORIZED",
  message: "send the gateway's token as Authorization: Bearer <token>",
  headers: { "WWW-Authenticate": 'Bearer realm="mcp-lifecycle"' },
};

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
