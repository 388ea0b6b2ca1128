import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import { CallAbortedError, ConnectionLostError, type LifecycleError, OpenAbortedError } from "../errors/index.js";
import {
  type Clock,
  type ExitStatus,
  howItEnded,
  type ProcessHost,
  type SpawnedTree,
  type TreeLook,
  type TreeRef,
  type TreeSpec,
} from "../ports/index.js";
import { createStdioChannel, type StdioChannel } from "./stdio-channel.js";
import { StderrTail } from "./stderr-tail.js";

/** How long the rest of the output is waited for once the leader is dead; a grandchild may hold the pipe for ever (LP-26). */
const lastOutputMs = 100;

export interface StdioServerOptions {
  readonly processHost: ProcessHost;
  readonly clock: Clock;
  readonly maxLineBytes: number;
  readonly onMessage: (message: JSONRPCMessage) => void;
  /** Something was wrong and the server goes on. */
  readonly onProblem: (error: Error) => void;
  readonly onStderr?: (chunk: Buffer) => void;
  /** The leader exited, this moment. */
  readonly onExit: () => void;
  /** It will never answer again: dead, silent, or not speaking the protocol. Once; what it wrote before has been delivered. */
  readonly onGone: (error: LifecycleError) => void;
}

/** A server process and its channel, for one life: what the drop-in transport and the handle of custody have in common. */
export interface StdioServer {
  readonly spawned: SpawnedTree | undefined;
  /** From the moment there is a process, which may be before it is known to execute the server's program. */
  readonly tree: TreeRef | undefined;
  readonly exit: ExitStatus | undefined;
  readonly stderr: StderrTail;
  /** A spawn is under way: what it will give cannot be seen yet. */
  readonly starting: boolean;
  /** Once. Rejects with `SpawnError`, or with `OpenAbortedError` when the end came first. */
  start(spec: TreeSpec): Promise<void>;
  send(message: JSONRPCMessage): Promise<void>;
  /** EOF; also for a process that is born later. */
  endInput(): void;
  look(): Promise<TreeLook>;
  /** Lets go of pipes and timers, and of what the process host remembers; a process born later is killed at once. */
  dispose(): void;
}

type End = "exit" | "stdin" | "stdout" | "stderr";

const nothing: TreeLook = { survivors: [], unreaped: [], doubtful: [] };

export function createStdioServer(options: StdioServerOptions): StdioServer {
  const { processHost, clock } = options;
  const stderr = new StderrTail();
  let phase: "new" | "starting" | "started" = "new";
  let inputEnded = false;
  let disposed = false;
  let gone = false;
  let spawned: SpawnedTree | undefined;
  let tree: TreeRef | undefined;
  let channel: StdioChannel | undefined;
  let exit: ExitStatus | undefined;
  let lastOutput: unknown;
  const missing = new Set<End>(["exit", "stdin", "stdout", "stderr"]);

  const tellGone = (error: LifecycleError) => {
    clock.clearTimeout(lastOutput);
    if (gone || disposed) return;
    gone = true;
    channel?.fail(error);
    options.onGone(error);
  };
  const goneByItself = () => tellGone(new ConnectionLostError(howItWent(exit, stderr.lastLine)));
  // Exit and the ends of the pipes come in any order, and some may never come: the first waits a moment for the others.
  const onEnd = (what: End) => {
    missing.delete(what);
    if (missing.size === 0) goneByItself();
    else if (what !== "stderr" && !gone && !disposed) lastOutput ??= clock.setTimeout(goneByItself, lastOutputMs);
  };
  const onExited = (status: ExitStatus) => {
    exit = status;
    if (disposed) return;
    options.onExit();
    onEnd("exit");
  };
  const open = ({ stdin, stdout, stderr: pipe }: SpawnedTree): StdioChannel =>
    createStdioChannel({
      stdin,
      stdout,
      stderr: pipe,
      maxLineBytes: options.maxLineBytes,
      onMessage: options.onMessage,
      onProblem: options.onProblem,
      onBroken: tellGone,
      onStderr: (chunk) => {
        stderr.append(chunk);
        options.onStderr?.(chunk);
      },
      onPipeEnd: onEnd,
    });
  const adoptBorn = (born: SpawnedTree) => {
    spawned = born;
    tree = born.ref;
    channel = open(born);
    void born.exited.then(onExited);
    if (inputEnded) channel.endInput();
    if (!disposed) return;
    options.onProblem(
      new OpenAbortedError(`pid ${born.ref.leader.pid} was born after its connection was disposed; it is killed`),
    );
    processHost.killSync(born.ref);
    channel.destroy();
    void born.exited.then(() => processHost.forget(born.ref));
  };

  return {
    stderr,
    get spawned() {
      return spawned;
    },
    get tree() {
      return tree;
    },
    get exit() {
      return exit;
    },
    get starting() {
      return phase === "starting";
    },
    start: async (spec) => {
      if (phase !== "new") throw new OpenAbortedError("a stdio server is started once; make another one");
      if (inputEnded || disposed) throw new OpenAbortedError("it was closed before it was started");
      phase = "starting";
      try {
        adoptBorn(await processHost.spawn(spec, (born) => (tree = born)));
      } catch (thrown) {
        tree = undefined;
        throw thrown;
      } finally {
        phase = "started";
      }
    },
    send: (message) => channel?.send(message) ?? Promise.reject(new CallAbortedError("the server is not started")),
    endInput: () => {
      inputEnded = true;
      channel?.endInput();
    },
    look: () => (tree ? processHost.look(tree) : Promise.resolve(nothing)),
    dispose: () => {
      if (disposed) return;
      disposed = true;
      clock.clearTimeout(lastOutput);
      channel?.destroy();
      stderr.clear();
      if (spawned) processHost.forget(spawned.ref);
    },
  };
}

function howItWent(exit: ExitStatus | undefined, lastLine: string | undefined): string {
  const stderr = lastLine === undefined ? "" : `; its stderr ends with ${JSON.stringify(lastLine)}`;
  return `its process ${exit === undefined ? "closed its stdin or stdout" : howItEnded(exit)}${stderr}`;
}
