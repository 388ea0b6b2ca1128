import { messageOf } from "../errors/index.js";
import { type AfterCloseReport, type Clock, type ExitStatus, howItEnded } from "../ports/index.js";
import { atMost } from "../processes/at-most.js";
import { endTree, startTree, type TreeEnd } from "../processes/end-tree.js";
import { afterCloseLimitMs } from "../config/index.js";
import { endedNotice } from "../transports/ended-notice.js";
import { serverEnvironment } from "../transports/server-environment.js";
import type { TreeEntry } from "./tree-entry.js";

/** From the first SIGKILL to what the command leaves until that is given up. */
const verifyMs = 2_000;

/**
 * Runs the command that a dead gateway had for the moment at which a tree is proved gone. As in the gateway: told what ended, a tree of its own, killed
 * when its time is over, with everything that it leaves. Never rejects.
 */
export async function runAfterClose(
  { afterClose, connectionId: connection, server, session }: TreeEntry,
  clock: Clock,
): Promise<AfterCloseReport | undefined> {
  if (afterClose === undefined) return undefined;
  const { command, args, cwd, timeoutMs, env = [] } = afterClose;
  if (env.length > 0)
    return { tookMs: 0, problem: `it was not run: it needs ${env.join(", ")}, and no record holds an environment` };
  const startedAt = clock.now();
  const took = () => clock.now() - startedAt;
  try {
    const tree = await startTree({
      command,
      args,
      cwd,
      env: { ...serverEnvironment(), ...endedNotice({ connection, server, session }) },
    });
    tree.stdin.end();
    for (const output of [tree.stdout, tree.stderr]) output.resume();
    let exit: ExitStatus | undefined;
    const exited = tree.exited.then((status) => (exit = status));
    await atMost(exited, afterCloseLimitMs({ command, timeoutMs }), clock);
    // Whoever is killed below exits, too.
    const inTime = exit;
    const end = await endTree(tree, { inputEndedMs: 0, terminatingMs: 0, verifyMs, clock });
    return { tookMs: took(), exit, problem: problemOf(inTime, end) };
  } catch (thrown) {
    return { tookMs: took(), problem: messageOf(thrown) };
  }
}

function problemOf(exit: ExitStatus | undefined, { outcome, means }: TreeEnd): string | undefined {
  if (outcome === "leaked") return "it does not end";
  if (exit === undefined) return "it was killed: its time was over";
  if (exit.code !== 0) return `it ${howItEnded(exit)}`;
  return means === "input-ended" ? undefined : "it left processes behind";
}
