import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { JSONRPCMessage, MessageExtraInfo, RequestId } from "@modelcontextprotocol/sdk/types.js";
import { CallAbortedError, LifecycleError } from "../errors/index.js";
import { type Clock, noLogger, type ProcessHost, systemClock } from "../ports/index.js";
import {
  createCookie,
  createProcessHost,
  endTree,
  type StartedTree,
  type TreeEnd,
  type TreeGraces,
} from "../processes/index.js";
import { contain } from "./contain.js";
import { answeredId, errorAnswer, isRequest } from "./json-rpc.js";
import { serverEnvironment } from "./server-environment.js";
import { createStderrSink, type StderrOption, type StderrSink } from "./stderr-sink.js";
import { defaultMaxLineBytes } from "./stdio-channel.js";
import { createStdioServer, type StdioServer } from "./stdio-server.js";

/** The SDK's parameters, and what only this transport knows. */
export interface StdioTransportParameters extends TreeGraces {
  readonly command: string;
  readonly args?: readonly string[] | undefined;
  /** Added to the SDK's safe defaults. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Default `inherit`. With `pipe`, read it or not: the server never blocks on it. */
  readonly stderr?: StderrOption;
  readonly cwd?: string | undefined;
  /** Longest message, in bytes. Default 10 MiB; a longer one closes the transport. */
  readonly maxBufferSize?: number | undefined;
  readonly processHost?: ProcessHost | undefined;
}

/**
 * Drop-in for the SDK's `StdioClientTransport` that leaves nothing: `close()` resolves when the whole tree of the server is proved gone, or
 * says in `receipt` who is left. One life: it is started once.
 *
 * @example
 * const client = new Client({ name: "host", version: "1.0.0" });
 * const transport = new StdioClientTransport({ command: "npx", args: ["-y", "@modelcontextprotocol/server-everything"] });
 * await client.connect(transport);
 * await transport.close();
 * transport.receipt?.outcome; // "closed"
 */
export class StdioClientTransport implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: ((message: JSONRPCMessage, extra?: MessageExtraInfo) => void) | undefined;

  readonly #parameters: StdioTransportParameters;
  readonly #processHost: ProcessHost;
  readonly #clock: Clock;
  readonly #stderr: StderrSink;
  readonly #server: StdioServer;
  readonly #pending = new Map<string, RequestId>();
  #starting: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #receipt: TreeEnd | undefined;
  #told = false;

  /** Throws `ConfigError` if `stderr` is no place to write to. */
  constructor(parameters: StdioTransportParameters) {
    this.#parameters = parameters;
    this.#clock = parameters.clock ?? systemClock;
    this.#processHost = parameters.processHost ?? createProcessHost({ clock: this.#clock });
    this.#stderr = createStderrSink(parameters.stderr);
    this.#server = createStdioServer({
      processHost: this.#processHost,
      clock: this.#clock,
      maxLineBytes: parameters.maxBufferSize ?? defaultMaxLineBytes,
      onMessage: (message) => {
        this.#pending.delete(String(answeredId(message)));
        this.#contain(() => this.onmessage?.(message));
      },
      onProblem: (error) => this.#report(error),
      onStderr: (chunk) => this.#stderr.write(chunk),
      onExit: () => undefined,
      onGone: (error) => this.#gone(error),
    });
  }

  /** Pid of the server's leader, until the tree is proved gone. */
  get pid(): number | null {
    return this.#receipt?.outcome === "closed" ? null : (this.#server.spawned?.ref.leader.pid ?? null);
  }

  /** The server's stderr where `stderr` is `pipe`; there before the start. */
  get stderr(): StderrSink["readable"] {
    return this.#stderr.readable;
  }

  /** How the tree ended; from the moment `close()` resolves. */
  get receipt(): TreeEnd | undefined {
    return this.#receipt;
  }

  /** Starts the server. Rejects with `SpawnError`, and with `OpenAbortedError` if it was started or closed before. */
  start(): Promise<void> {
    const { command, args = [], env, cwd } = this.#parameters;
    const starting = this.#server.start({ command, args, env: serverEnvironment(env), cwd, cookie: createCookie() });
    this.#starting ??= starting;
    return starting.catch((thrown: unknown) => {
      // The client has taken this transport already and forgets it only when it is told (the SDK, v1).
      if (!this.#server.spawned && !this.#server.starting)
        this.#tellClosed(new CallAbortedError("the server could not be started"));
      throw thrown;
    });
  }

  /** Rejects with a `LifecycleError` when the server does not or cannot read it. */
  send(message: JSONRPCMessage): Promise<void> {
    if (isRequest(message)) this.#pending.set(String(message.id), message.id);
    return this.#server.send(message);
  }

  /**
   * EOF, SIGTERM, SIGKILL, each followed by a wait for the empty tree. Whoever calls joins the closing under way. Never rejects: what
   * could not be ended is reported to `onerror` and stands in `receipt`. Before the start it does nothing.
   */
  close(): Promise<void> {
    if (!this.#starting) return Promise.resolve();
    return (this.#closing ??= this.#close(this.#starting));
  }

  async #close(starting: Promise<void>): Promise<void> {
    const server = this.#server;
    server.endInput();
    await starting.catch(() => undefined);
    const { spawned } = server;
    if (spawned) await this.#endTree({ ...spawned, host: this.#processHost });
    server.dispose();
    this.#stderr.end();
    this.#tellClosed(new CallAbortedError("the connection was closed"));
  }

  async #endTree(tree: StartedTree): Promise<void> {
    try {
      this.#receipt = await endTree(tree, this.#parameters);
      if (this.#receipt.outcome === "leaked") this.#report(treeLeaked(this.#receipt));
    } catch (cause) {
      // Nothing can be seen, so nothing can be waited for.
      tree.host.killSync(tree.ref);
      this.#report(new LifecycleError("TREE_LEAKED", "the server's tree could not be looked at", { cause }));
    }
  }

  /** The death of the leader proves nothing about the tree (LP-30): the rest is ended too. */
  #gone(error: LifecycleError): void {
    if (!this.#closing) this.#report(error);
    this.#tellClosed(this.#closing ? new CallAbortedError("the connection was closed") : error);
    void this.close();
  }

  /** Answers what is in flight first: the SDK (v1) does not when the host's own `onclose` throws. */
  #tellClosed(error: LifecycleError): void {
    if (this.#told) return;
    this.#told = true;
    for (const id of this.#pending.values()) this.#contain(() => this.onmessage?.(errorAnswer(id, error)));
    this.#pending.clear();
    this.#contain(() => this.onclose?.());
  }

  #report(error: Error): void {
    contain(noLogger, "onerror", () => this.onerror?.(error));
  }

  #contain(callback: () => void): void {
    try {
      callback();
    } catch (cause) {
      this.#report(new CallAbortedError("a callback of the host failed", { cause }));
    }
  }
}

function treeLeaked({ survivors, doubtful }: TreeEnd): LifecycleError {
  const left = [...survivors, ...doubtful].map(({ pid, command }) => `${pid} (${command})`);
  return new LifecycleError("TREE_LEAKED", `the server's tree could not be proved gone: ${left.join(", ")}`);
}
