import type { AfterCloseOptions } from "../config/server-config.js";
import { messageOf } from "../errors/index.js";
import type { AfterClose, Clock, ExitStatus, OpenRequest, SpawnedTree, TimerHandle } from "../ports/index.js";
import { createCookie } from "../processes/index.js";
import { serverEnvironment } from "./server-environment.js";
import { StderrTail } from "./stderr-tail.js";
import type { StdioHandleDeps } from "./stdio-handle.js";
import { createTreeLedger } from "./tree-ledger.js";

/** Tells the command what ended. Not by the cookie: it would look like a survivor of the tree that it comes after. */
const endedVariable = "MCP_LIFECYCLE_ENDED";

const pauseMs = 20;
/** How long its last words are waited for once it is dead; what it left behind may hold the pipe. */
const lastOutputMs = 100;

/** The command, and what its handle needs of it when the gateway exits or the record goes. */
export interface HeldAfterClose extends AfterClose {
  killSync(): void;
  /** What still runs is killed without a look: the end has no time left. */
  dispose(): void;
}

/** The command that a server's configuration has for the moment at which its tree is proved gone. */
export function createAfterClose(
  { connectionId, context }: Pick<OpenRequest, "connectionId" | "context">,
  { command, args = [], env, cwd }: AfterCloseOptions & { readonly cwd?: string | undefined },
  { processHost, ledger, clock, logger }: Pick<StdioHandleDeps, "processHost" | "ledger" | "clock" | "logger">,
): HeldAfterClose {
  const { server, sessionKey } = context;
  const cookie = createCookie();
  const record = createTreeLedger(ledger, { connectionId: `${connectionId}/after-close`, server, cookie }, logger);
  const stderr = new StderrTail();
  let startedAt: number | undefined;
  let endedAt: number | undefined;
  let running: Promise<void> | undefined;
  let tree: SpawnedTree | undefined;
  let exit: ExitStatus | undefined;
  let problem: string | undefined;
  let stopped = false;
  let disposed = false;

  const perform = async () => {
    startedAt = clock.now();
    try {
      await record.intend();
      if (!stopped && !disposed) await start();
    } catch (thrown) {
      problem ??= messageOf(thrown);
    }
    endedAt = clock.now();
    letGo();
  };
  const start = async () => {
    const ended = JSON.stringify({ connection: connectionId, server, session: sessionKey });
    const environment = { ...serverEnvironment(env), [endedVariable]: ended };
    const born = await processHost.spawn({ command, args, env: environment, cwd, cookie });
    tree = born;
    record.started(born.ref);
    if (disposed) killSync();
    born.stdin.end();
    born.stdout.resume();
    born.stderr.on("data", (chunk: Buffer) => stderr.append(chunk));
    const outputEnded = new Promise((resolve) => born.stderr.once("close", resolve));
    exit = await born.exited;
    await atMost(outputEnded, lastOutputMs, clock);
    if (exit.code !== 0) problem ??= howItFailed(exit, stderr.lastLine);
    await killUntilEmpty();
  };
  const killUntilEmpty = async () => {
    for (;;) {
      if (tree === undefined || disposed) return;
      try {
        const { survivors, doubtful } = await processHost.look(tree.ref);
        if (survivors.length + doubtful.length === 0) return;
        problem ??= `it left ${survivors.length + doubtful.length} process(es) behind`;
        await processHost.signal(tree.ref, "SIGKILL");
      } catch (thrown) {
        // Nothing is proved then, and who waits has a limit of his own.
        problem ??= messageOf(thrown);
      }
      await new Promise<void>((resolve) => clock.setTimeout(resolve, pauseMs));
    }
  };
  const killSync = () => {
    if (tree !== undefined && endedAt === undefined) processHost.killSync(tree.ref);
  };
  const letGo = () => {
    // Whoever survives may hold the other end of the pipes: they must not keep the gateway alive.
    for (const pipe of tree ? [tree.stdin, tree.stdout, tree.stderr] : []) pipe.destroy();
    if (tree) processHost.forget(tree.ref);
    record.remove();
  };

  return {
    run: () => (running ??= perform()),
    stop: async () => {
      stopped = true;
      problem ??= "it was killed: its time was over";
      await killUntilEmpty();
      await running;
    },
    get report() {
      if (startedAt === undefined) return undefined;
      if (endedAt !== undefined) return { tookMs: endedAt - startedAt, exit, problem };
      return { tookMs: clock.now() - startedAt, exit, problem: problem ?? "it was killed: the end's deadline came" };
    },
    killSync,
    dispose: () => {
      disposed = true;
      killSync();
    },
  };
}

async function atMost(work: Promise<unknown>, limitMs: number, clock: Clock): Promise<void> {
  let timer: TimerHandle;
  const limit = new Promise<void>((resolve) => (timer = clock.setTimeout(resolve, limitMs)));
  await Promise.race([work, limit]);
  clock.clearTimeout(timer);
}

function howItFailed({ code, signal }: ExitStatus, lastLine: string | undefined): string {
  const how = signal === null ? `it exited with code ${code}` : `it was ended by ${signal}`;
  return lastLine === undefined ? how : `${how}; its stderr ends with ${JSON.stringify(lastLine)}`;
}
