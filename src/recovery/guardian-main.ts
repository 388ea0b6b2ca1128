import { basename, dirname } from "node:path";
import { systemClock } from "../ports/system-clock.js";
import { platformProcessTable } from "../processes/platform-process-table.js";
import { repeatUntil } from "../processes/repeat-until.js";
import { signalIfStillThere } from "../processes/signal-members.js";
import { ownerState } from "./owner-state.js";
import { reap } from "./reap.js";

/*
 * What the guardian becomes, see `guardian-script.ts`: `reap <pid> <start time> <folder …>` once the gateway's end of the pipe is closed, and
 * `kill <pid> <start time> <guardian>` where the gateway has not been heard of in time.
 */

/** The pipe is closed a moment before the process is gone, and a large one takes a while to go. */
const deathMs = 10_000;

const [task, ...args] = process.argv.slice(2);
const table = platformProcessTable(process.platform);
const kill = process.kill.bind(process);

// Whoever ends the gateway may end what it started, too; this one ends when its work is done.
for (const signal of ["SIGHUP", "SIGINT", "SIGTERM", "SIGQUIT"] as const) process.on(signal, () => undefined);

if (task === "kill") killUnheard(args);
else if (task === "reap") await reapOrphans(args);

function killUnheard([pid, startTime = "", guardian]: readonly string[]): void {
  // A guardian that died cannot have heard anything; its successor counts for itself.
  if (process.ppid !== Number(guardian)) return;
  signalIfStillThere({ table, kill }, { pid: Number(pid), startTime }, "SIGKILL");
}

async function reapOrphans([pid, startTime = "", ...folders]: readonly string[]): Promise<void> {
  const isDead = () => {
    table.pids();
    return ownerState({ pid: Number(pid), startTime }, table) !== "alive";
  };
  await repeatUntil(isDead, { clock: systemClock, deadline: systemClock.now() + deathMs });
  const reaping = folders.map((folder) =>
    reap({ directory: dirname(folder), only: [basename(folder)], clock: systemClock, table, kill }),
  );
  await Promise.allSettled(reaping);
}
