import { once } from "node:events";
import { onTestFinished } from "vitest";
import { createCookie, type ProcessHost, type SpawnedTree, type TreeLook } from "../../src/processes/index.js";
import { hostileServer, type HostileServerName } from "../../src/testing/hostile/index.js";
import { createWitness, type Witness } from "../../src/testing/witness/index.js";
import { killByIdentity } from "../real/support/kill.js";
import { groupHost } from "./group-host.js";

export interface HostileTree extends SpawnedTree {
  readonly host: ProcessHost;
  readonly witness: Witness;
}

export interface HostileTreeOptions {
  readonly host?: ProcessHost;
  readonly flags?: readonly string[];
  /** Words before the server's command line. */
  readonly prefix?: readonly string[];
  /** The test's own, where several run at once. */
  readonly onFinished?: (cleanUp: () => Promise<void>) => void;
  /** False for a server that never answers. Default true: what it starts is up when this resolves. */
  readonly initialize?: boolean;
}

/** Starts a hostile server under a witness. Whatever of it is left at the end of the test is killed, seen by the witness alone. */
export async function startHostile(name: HostileServerName, options: HostileTreeOptions = {}): Promise<HostileTree> {
  const { host = groupHost(), flags = [], prefix = [], initialize = true, onFinished = onTestFinished } = options;
  const witness = await createWitness();
  const server = hostileServer(name, { witness, flags });
  const [command = server.command, ...args] = [...prefix, server.command, ...server.args];
  const tree = await host.spawn({
    command,
    args,
    env: { PATH: process.env["PATH"] ?? "", ...server.env },
    cookie: createCookie(),
  });
  onFinished(async () => {
    for (const seen of witness.holders()) killByIdentity(seen);
    for (const pipe of [tree.stdin, tree.stdout, tree.stderr]) pipe.destroy();
    await witness.dispose();
  });
  tree.stderr.resume();
  if (initialize) await initialized(tree);
  await witness.held();
  return { ...tree, host, witness };
}

async function initialized(tree: SpawnedTree): Promise<void> {
  tree.stdin.write(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}\n`);
  await once(tree.stdout, "data");
}

/** Looks until the look satisfies; the test's own time limit ends it otherwise. */
export async function lookUntil(
  { host, ref }: HostileTree,
  satisfied: (look: TreeLook) => boolean,
  { pauseMs = 10 } = {},
): Promise<TreeLook> {
  for (;;) {
    const look = await host.look(ref);
    if (satisfied(look)) return look;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** Their pids, in order. */
export function pidsOf(processes: readonly { readonly pid: number }[]): number[] {
  return processes.map(({ pid }) => pid).sort((left, right) => left - right);
}

/** SIGKILL and look, again and again, until nothing is found (LP-35). */
export async function killUntilGone(tree: HostileTree): Promise<void> {
  await lookUntil(tree, () => true);
  for (;;) {
    await tree.host.signal(tree.ref, "SIGKILL");
    const { survivors, doubtful } = await tree.host.look(tree.ref);
    if (survivors.length + doubtful.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
