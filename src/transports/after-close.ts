import type { AfterCloseOptions } from "../config/server-config.js";
import { messageOf } from "../errors/index.js";
import {
  type AfterClose,
  type ExitStatus,
  howItEnded,
  type OpenRequest,
  type RecordedCommand,
  type SpawnedTree,
  type TreeRef,
} from "../ports/index.js";
import { atMost } from "../processes/at-most.js";
import { createCookie } from "../processes/index.js";
import { repeatUntil } from "../processes/repeat-until.js";
import { endedNotice } from "./ended-notice.js";
import { serverEnvironment } from "./server-environment.js";
import { StderrTail } from "./stderr-tail.js";
import type { StdioHandleDeps } from "./stdio-handle.js";
import { createTreeLedger } from "./tree-ledger.js";

/** How long its last words are waited for once it is dead; what it left behind may hold the pipe. */
const lastOutputMs = 100;

/** The command, and where it runs: where its server ran. */
type CommandInPlace = AfterCloseOptions & { readonly cwd?: string | undefined };

/** The command, and what its handle needs of it when the gateway exits or the record goes. */
export interface HeldAfterClose extends AfterClose {
  killSync(): void;
  /** What still runs is killed without a look: the end has no time left. */
  dispose(): void;
}

/** What the ledger has of it, for a reaper to run. */
export function recordedCommand({ command, args = [], cwd, timeoutMs, env }: CommandInPlace): RecordedCommand {
  const names = env && Object.keys(env);
  return { command, args, cwd, timeoutMs, env: names?.length === 0 ? undefined : names };
}

/** The command that a server's configuration has for the moment at which its tree is proved gone. */
export function createAfterClose(
  { connectionId, context }: Pick<OpenRequest, "connectionId" | "context">,
  { command, args = [], env, cwd }: CommandInPlace,
  { processHost, ledger, clock, logger }: Pick<StdioHandleDeps, "processHost" | "ledger" | "clock" | "logger">,
): HeldAfterClose {
  const { server, sessionKey } = context;
  const cookie = createCookie();
  const place = processHost.placeOf(cookie);
  const entry = { connectionId: `${connectionId}/after-close`, server, session: sessionKey, cookie, place };
  const record = createTreeLedger(ledger, entry, logger);
  const stderr = new StderrTail();
  let startedAt: number | undefined;
  let endedAt: number | undefined;
  let running: Promise<void> | undefined;
  let tree: SpawnedTree | undefined;
  let bornTree: TreeRef | undefined;
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
    const ended = { connection: connectionId, server, session: sessionKey };
    const environment = { ...serverEnvironment(env), ...endedNotice(ended) };
    const born = await processHost.spawn({ command, args, env: environment, cwd, cookie }, (ref) => (bornTree = ref));
    tree = born;
    record.started(born.ref);
    if (disposed || stopped) killSync();
    born.stdin.end();
    born.stdout.resume();
    born.stderr.on("data", (chunk: Buffer) => stderr.append(chunk));
    const outputEnded = new Promise((resolve) => born.stderr.once("close", resolve));
    exit = await born.exited;
    await atMost(outputEnded, lastOutputMs, clock);
    if (exit.code !== 0) problem ??= howItFailed(exit, stderr.lastLine);
    await killUntilEmpty();
  };
  const isGone = async () => {
    if (bornTree === undefined || disposed) return true;
    try {
      const { survivors, doubtful } = await processHost.look(bornTree);
      if (survivors.length + doubtful.length === 0) return true;
      problem ??= `it left ${survivors.length + doubtful.length} process(es) behind`;
      await processHost.signal(bornTree, "SIGKILL");
    } catch (thrown) {
      // Nothing is proved then, and who waits has a limit of his own.
      problem ??= messageOf(thrown);
    }
    return false;
  };
  const killUntilEmpty = () => repeatUntil(isGone, { clock });
  const killSync = () => {
    if (bornTree !== undefined && endedAt === undefined) processHost.killSync(bornTree);
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

function howItFailed(exit: ExitStatus, lastLine: string | undefined): string {
  const how = `it ${howItEnded(exit)}`;
  return lastLine === undefined ? how : `${how}; its stderr ends with ${JSON.stringify(lastLine)}`;
}
