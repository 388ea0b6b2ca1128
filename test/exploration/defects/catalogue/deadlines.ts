import type { Defect } from "../defect.js";
import { connectionAlone, endableWorld, structure, supervisorTest } from "./known-tests.js";

/** Of the time an end has. */
export const deadlinesDefects: readonly Defect[] = [
  {
    id: "deadline-renewed-by-a-second-end",
    what: "a second end replaces the deadline of the first, whichever is earlier",
    file: "src/machines/budget.ts",
    find: "Math.min(known, asked)",
    replace: "asked",
    caughtBy: endableWorld,
  },
  {
    id: "second-deadline-ignored",
    what: "a stricter second end does not shorten the end under way",
    file: "src/machines/budget.ts",
    find: "Math.min(known, asked)",
    replace: "known",
    caughtBy: supervisorTest("ends", "should be shortened by a stricter second end"),
  },
  {
    id: "budget-keeps-no-reserve",
    what: "all of a deadline is spent on graces, none is left for killing",
    file: "src/machines/budget.ts",
    find: "killBy: at + left - Math.min(Math.max(1, verifyMs), left / 3)",
    replace: "killBy: at + left",
    caughtBy: supervisorTest("ends", "should be over by its deadline, killing early enough"),
  },
  {
    id: "hurry-ignored",
    what: "a connection takes no notice of a deadline",
    file: "src/machines/connection.ts",
    find: 'HURRY: { actions: ["tightenDeadline", "armBudget"] },',
    replace: "HURRY: { actions: [] },",
    caughtBy: supervisorTest("ends", "should be over by its deadline, killing early enough"),
  },
  {
    id: "kill-by-not-armed",
    what: "a deadline only ends the trying; it does not make it begin earlier",
    file: "src/machines/connection-setup.ts",
    find: 'enqueue(raise({ type: "KILL_BY" }, { id: "killBy", delay: Math.max(0, context.budget.killBy - event.at) }));',
    replace: "",
    caughtBy: supervisorTest("ends", "should be over by its deadline, killing early enough"),
  },
  {
    id: "verify-limit-on-a-leaf",
    what: "verifyMs bounds one look, not the whole of killing and looking",
    file: "src/machines/connection.ts",
    find: `          after: { verifyLimit: { target: "#connection.leaked" } },
          states: {
            killing: {
              description: "SIGKILL to every member proved ours.",`,
    replace: `          states: {
            killing: {
              description: "SIGKILL to every member proved ours.",
              after: { verifyLimit: { target: "#connection.leaked" } },`,
    caughtBy: connectionAlone,
  },
  {
    id: "settling-unbounded",
    what: "an opening that never settles holds its closing for ever",
    file: "src/machines/connection.ts",
    find: 'after: { settleGrace: { target: "releasing" } },',
    replace: "",
    caughtBy: structure,
  },
  {
    id: "connect-deadline-missing",
    what: "an opening has no deadline",
    file: "src/machines/connection.ts",
    find: 'after: { connectTimeout: { target: "closing", actions: "rememberConnectTimeout" } },',
    replace: "",
    caughtBy: structure,
  },
  {
    id: "timers-of-an-end-unrefd",
    what: "the timers of the machines do not keep the host alive, and die with it",
    file: "src/supervisor/supervisor.ts",
    find: "setTimeout: (callback, delayMs) => parts.clock.setTimeout(() => callback(), delayMs),",
    replace: "setTimeout: (callback, delayMs) => parts.clock.setUnrefTimeout(() => callback(), delayMs),",
    caughtBy: supervisorTest("ends", "should keep its host alive until it is over"),
  },
  {
    id: "leak-retry-holds-the-host",
    what: "the timer that retries a leak keeps the host alive for ever",
    file: "src/supervisor/leak-retry.ts",
    find: "this.#clock.setUnrefTimeout(retry, delayMs)",
    replace: "this.#clock.setTimeout(retry, delayMs)",
    caughtBy: supervisorTest("ends", "should report a leak at the deadline"),
  },
  {
    id: "shutdown-one-at-a-time",
    what: "a shutdown spends its deadline on each session in turn",
    file: "src/supervisor/supervisor.ts",
    find: 'const ends = this.#generations.all().map((handle) => handle.end({ reason: "ended", cause, deadlineMs }));',
    replace: `let last: Promise<unknown> = Promise.resolve();
    const ends = this.#generations.all().map((handle) => {
      const end = last.then(() => handle.end({ reason: "ended", cause, deadlineMs }));
      last = end;
      return end;
    });`,
    caughtBy: supervisorTest("shutdown", "should end every session in parallel"),
  },
];
