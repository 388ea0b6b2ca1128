import { parseDuration } from "../config/index.js";
import {
  CallAbortedError,
  type ErrorPlace,
  isLifecycleError,
  LeaseReleasedError,
  type LifecycleError,
  UnknownServerError,
} from "../errors/index.js";
import { type McpClient, noTimeoutMs, type ToolDescription } from "../ports/index.js";
import { abortAfter } from "./abort-after.js";
import { awaitServer, type ReadyServer } from "./await-server.js";
import type { CallOptions, CatalogResult, Lease } from "./face.js";
import type { SessionHandle } from "./session-handle.js";

/** The public lease. */
export class LeaseHandle implements Lease {
  readonly id: string;
  readonly session: SessionHandle;
  readonly acquiredAt: number;
  readonly #trace: Error | undefined;
  #isReleased = false;

  constructor(parts: { id: string; session: SessionHandle; acquiredAt: number; trace: Error | undefined }) {
    this.id = parts.id;
    this.session = parts.session;
    this.acquiredAt = parts.acquiredAt;
    this.#trace = parts.trace;
  }

  /** Stack of whoever acquired it, where the supervisor keeps those. */
  get acquiredBy(): string | undefined {
    return this.#trace?.stack;
  }

  async client(server: string): Promise<McpClient> {
    return (await this.#ready(server)).client;
  }

  async callTool(server: string, tool: string, args: Record<string, unknown> = {}, options: CallOptions = {}) {
    const { callTimeoutMs } = this.session.lifecycleOf(server);
    const timeoutMs = options.timeoutMs === undefined ? callTimeoutMs : parseDuration("timeoutMs", options.timeoutMs);
    const place = this.#place(server);
    const { connection, client } = await this.#ready(server, options.signal);
    using limit = abortAfter(this.session.host.clock, timeoutMs, { outer: options.signal, place });
    try {
      const { signal } = limit;
      signal.throwIfAborted();
      return await client.callTool({ name: tool, arguments: args }, undefined, {
        signal,
        timeout: noTimeoutMs,
        ...(options.onprogress && { onprogress: options.onprogress }),
      });
    } catch (error) {
      throw this.#callError({ error, signal: limit.signal, connection, place });
    }
  }

  async catalog(): Promise<CatalogResult> {
    this.#assertHeld();
    const results = await Promise.all(
      Object.keys(this.session.servers.current).map(async (server) => ({
        server,
        result: await this.#toolsOf(server),
      })),
    );
    const tools = results.flatMap(({ server, result }) =>
      Array.isArray(result) ? (result as readonly ToolDescription[]).map((tool) => ({ ...tool, server })) : [],
    );
    const failures = results.flatMap(({ server, result }) =>
      Array.isArray(result) ? [] : [[server, result as LifecycleError] as const],
    );
    return { tools, failures: Object.fromEntries(failures) };
  }

  release({ failed = false }: { failed?: boolean } = {}): void {
    this.#isReleased = true;
    this.session.leases.release(this, failed);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.release();
    return Promise.resolve();
  }

  async #ready(server: string, signal?: AbortSignal): Promise<ReadyServer> {
    this.#assertHeld();
    if (this.session.servers.of(server) === undefined) {
      throw new UnknownServerError(Object.keys(this.session.servers.current), this.#place(server));
    }
    try {
      // Before anything is started for it (LP-21).
      signal?.throwIfAborted();
      return await awaitServer(this.session, server, { signal, assertHeld: () => this.#assertHeld() });
    } catch (error) {
      if (isLifecycleError(error)) throw error;
      throw new CallAbortedError("by its caller", { ...this.#place(server), cause: error });
    }
  }

  /** Known tools are answered without opening: a session that wakes opens only what is used. */
  async #toolsOf(server: string): Promise<readonly ToolDescription[] | LifecycleError> {
    try {
      const known = this.session.runtime()?.servers[server]?.tools;
      if (known !== undefined) return known as readonly ToolDescription[];
      await this.#ready(server);
      return (this.session.runtime()?.servers[server]?.tools ?? []) as readonly ToolDescription[];
    } catch (error) {
      if (this.session.isEnding) throw error;
      return error as LifecycleError;
    }
  }

  #assertHeld(): void {
    if (this.session.isEnding) throw this.session.endedError();
    if (this.#isReleased) throw new LeaseReleasedError(this.#place());
  }

  /** What the SDK made of our abort, or of our refusal, is turned back into the typed error it was made from. */
  #callError(call: { error: unknown; signal: AbortSignal; connection: string; place: ErrorPlace }): unknown {
    const { error, signal, connection, place } = call;
    if (isLifecycleError(error)) return error;
    if (signal.aborted) {
      const reason: unknown = signal.reason;
      return isLifecycleError(reason) ? reason : new CallAbortedError("by its caller", { ...place, cause: reason });
    }
    const cut = this.session.host.custody.get(connection);
    if (cut === undefined || cut.state !== "open") {
      if (cut?.failure) return cut.failure;
      if (this.session.isEnding) return this.session.endedError();
      return new CallAbortedError("its connection is closing", { ...place, cause: error });
    }
    return error;
  }

  #place(server?: string): ErrorPlace {
    return { session: this.session.key, server };
  }
}
