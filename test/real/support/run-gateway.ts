import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { EndReason, LedgerOptions, ServerMap, SessionReceipt, SupervisorOptions } from "../../../src/index.js";
import { until } from "./until.js";

/** See `hosts/gateway.js`. */
export interface GatewayPlan {
  readonly servers: ServerMap;
  readonly end:
    | "process.exit"
    | "uncaught exception"
    | "unhandled rejection"
    | "process.exit after an end that nobody awaits"
    | "end of every session"
    | "half of its sessions, then the rest by shutdown"
    | "shutdown, while its guardian is stopped"
    | "out of memory"
    | "blocked for ever"
    | "signal";
  readonly ledger?: LedgerOptions | undefined;
  readonly containment?: SupervisorOptions["containment"];
  /** From the beginning of the opening, in milliseconds. Absent: once everything is open. */
  readonly afterMs?: number | undefined;
  /** It ends by itself then, whatever happens. Default 60 000. */
  readonly lifetimeMs?: number | undefined;
  readonly reason?: EndReason | undefined;
  readonly signal?: NodeJS.Signals | undefined;
  /** A listener of the host's own for that signal. */
  readonly listener?: "exits" | "shuts down" | undefined;
}

export interface GatewayOptions {
  /** The folder with `dist` and `test`. Default: the project's. */
  readonly root?: string | undefined;
  /** Words before its command line. */
  readonly prefix?: readonly string[] | undefined;
  /** Of node. */
  readonly nodeArgs?: readonly string[] | undefined;
  /** Whether it leads a process group of its own. */
  readonly detached?: boolean | undefined;
  /** As whom it runs. Default: as the test. */
  readonly user?: number | undefined;
  /** Signals it from outside, once it has said `opening`. Default: as planned. */
  readonly tell?: ((gateway: Gateway) => Promise<void>) | undefined;
}

/** A gateway that runs. */
export interface Gateway {
  readonly pid: number;
  said(word: string): boolean;
  kill(signal: NodeJS.Signals): void;
}

export interface GatewayExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** As whom it ran. */
  readonly user: number;
  readonly receipts: readonly SessionReceipt[];
}

const projectRoot = fileURLToPath(new URL("../../../", import.meta.url));

/** Runs a gateway in a process of its own until it has exited; only there the end of a host can be seen. */
export async function runGateway(plan: GatewayPlan, options: GatewayOptions = {}): Promise<GatewayExit> {
  const { root = projectRoot, prefix = [], nodeArgs = [], detached = false, user: runAs } = options;
  const { tell = (gateway) => tellAsPlanned(gateway, plan) } = options;
  const program = [process.execPath, ...nodeArgs, join(root, "test/real/hosts/gateway.js"), JSON.stringify(plan)];
  const [command = process.execPath, ...args] = [...prefix, ...program];
  const child = spawn(command, args, {
    cwd: root,
    detached,
    stdio: ["ignore", "pipe", "pipe"],
    ...(runAs !== undefined && { uid: runAs, gid: runAs }),
  });
  let output = "";
  let hasExited = false;
  for (const pipe of [child.stdout, child.stderr]) pipe.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, "exit").then(([code, signal]) => {
    hasExited = true;
    return { code: code as number | null, signal: signal as NodeJS.Signals | null };
  });
  const said = (word: string) => output.split("\n").includes(word);
  try {
    await until(
      () => said("opening") || hasExited,
      () => `the gateway said ${JSON.stringify(output)}`,
      30_000,
    );
    await tell({ pid: child.pid ?? 0, said, kill: (signal) => void child.kill(signal) });
    await until(
      () => hasExited,
      () => `the gateway did not exit; it said ${JSON.stringify(output)}`,
      30_000,
    );
    const line = output.split("\n").find((each) => each.startsWith("[{"));
    const user = Number(/^user (\d+)$/m.exec(output)?.[1]);
    return { ...(await exited), user, receipts: JSON.parse(line ?? "[]") as SessionReceipt[] };
  } finally {
    child.kill("SIGKILL");
    // Whoever ends what it left does so once it can start nobody any more.
    await exited;
  }
}

/** Resolves once it has said that all of its servers are open. */
export async function whenOpen(gateway: Gateway): Promise<void> {
  await until(() => gateway.said("open"), "the gateway did not open its servers", 30_000);
}

async function tellAsPlanned(gateway: Gateway, { signal, afterMs }: GatewayPlan): Promise<void> {
  if (signal === undefined) return;
  if (afterMs === undefined) await whenOpen(gateway);
  else await new Promise((resolve) => setTimeout(resolve, afterMs));
  gateway.kill(signal);
}
