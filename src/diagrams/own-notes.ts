import { resolveLifecycle } from "../config/index.js";
import { sessionDefaults } from "../supervisor/supervisor.js";
import type { DelayNotes, TimerNote } from "./tables/delays.js";
import { msText } from "./tables/markdown.js";

const { restart } = resolveLifecycle();
const off = (ms: number) => (ms === 0 ? "off" : msText(ms));

/** What the delays are for, by their names in the machines. */
export const delayNotes: Readonly<Record<"session" | "connection", DelayNotes>> = {
  session: {
    retireLimit: "`requiredRetireMs`: a required retirement waits no longer for leases that nobody releases",
    drainLimit: "`drainMs`: calls in flight finish, or are aborted",
    disposeLimit:
      "the longest sum of the graces of any server the session had, and a second more: only a port that hangs gets here",
  },
  connection: {
    connectTimeout: "`connectTimeoutMs`: spawn, initialize and list together",
    drainLimit: "`drainMs` of the session: the calls of one connection that is replaced or idle",
    settleGrace: "`settleMs`: an opening that was aborted settles",
    releaseGrace: "`releaseMs`: HTTP `DELETE`",
    inputEndedGrace: "`inputEndedMs`: from the end of input to SIGTERM",
    terminatingGrace: "`terminatingMs`: from SIGTERM to the first SIGKILL",
    verifyLimit: "`verifyMs`: from the first SIGKILL to `leaked`; for a retry at least a second",
    killPause: "between a look that found something and the next SIGKILL: 20 ms, doubling up to 1 000 ms",
    afterCloseLimit:
      "`afterClose.timeoutMs`, or two thirds of what is left of the deadline; 0 where there is no command",
  },
};

/** Timers that actions arm, since a deadline may come closer while they run. */
export const timers: Readonly<Record<"session" | "runtime" | "connection", readonly TimerNote[]>> = {
  session: [
    {
      event: "IDLE",
      armedBy: "armIdle",
      after: `\`idleTimeoutMs\` since the end of the last call: ${off(sessionDefaults.idleTimeoutMs)}`,
      bounds: "a session that nobody leases and nobody uses",
    },
    {
      event: "LIFETIME",
      armedBy: "armLifetime",
      after: `\`maxLifetimeMs\`: ${off(sessionDefaults.maxLifetimeMs)}`,
      bounds: "the whole session; under a lease it comes true at the last release",
    },
    {
      event: "KILL_BY",
      armedBy: "hurry",
      after: "the deadline, less the longest `verifyMs` or a third of the time left, whichever is less",
      bounds: "draining, where the end has a deadline",
    },
    {
      event: "DEADLINE",
      armedBy: "hurry",
      after: "`deadlineMs` of the end or the shutdown",
      bounds: "the whole end: it is closed or leaked then",
    },
  ],
  runtime: [
    {
      event: "RESTART",
      armedBy: "armRestarts",
      after: `the back-off of \`restart\`: ${msText(restart === false ? undefined : restart.initialDelayMs)}, doubling up to ${msText(restart === false ? undefined : restart.maxDelayMs)}`,
      bounds: "the wait before a lost server is opened again",
    },
    {
      event: "SERVER_IDLE",
      armedBy: "armIdle",
      after: `\`idleTimeoutMs\` of the server: ${off(resolveLifecycle().idleTimeoutMs)}`,
      bounds: "a connection on which no call ended for so long",
    },
  ],
  connection: [
    {
      event: "KILL_BY",
      armedBy: "armBudget",
      after: "the deadline, less `verifyMs` or a third of the time left, whichever is less",
      bounds: "every step before `forcing`",
    },
    {
      event: "DEADLINE",
      armedBy: "armBudget",
      after: "`deadlineMs` of the end or the shutdown",
      bounds: "the whole closing: it is closed or leaked then",
    },
  ],
};
