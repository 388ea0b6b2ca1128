import type { Defect } from "../defect.js";
import { endableWorld, scenarioOf, supervisorTest } from "./known-tests.js";

/** Of sessions, leases and what their callers are told. */
export const sessionsDefects: readonly Defect[] = [
  {
    id: "second-end-not-joined",
    what: "a second end does not wait for the first: it is told what is left at that moment",
    file: "src/supervisor/session-handle.ts",
    find: `this.send({ type: "END", reason, cause, at, deadline });
    return await this.ended;`,
    replace: `if (this.isEnding) this.conclude("leaked");
    this.send({ type: "END", reason, cause, at, deadline });
    return await this.ended;`,
    caughtBy: supervisorTest("ends", "should be one for all who ask"),
  },
  {
    id: "two-receipts",
    what: "a leak that is proved gone later changes the receipt that was given",
    file: "src/supervisor/session-completion.ts",
    find: "if (this.#first === undefined) {",
    replace: 'if (this.#first === undefined || how === "closed") {',
    caughtBy: endableWorld,
  },
  {
    id: "receipt-without-proofs",
    what: "a receipt lists what is left, not what was closed",
    file: "src/supervisor/session-completion.ts",
    find: "this.#proofs.push(receipt);",
    replace: 'if (how !== "proved") this.#proofs.push(receipt);',
    caughtBy: supervisorTest("ends", "should need no force where everything answers well"),
  },
  {
    id: "session-forgotten-when-retired",
    what: "a session that was superseded is in no list any more",
    file: "src/supervisor/supervisor.ts",
    find: 'former?.retire({ required: true, reason: "ended", cause: "superseded" });',
    replace: "if (former) this.#generations.leave(former);",
    caughtBy: supervisorTest("retirement", "should take the old generation"),
  },
  {
    id: "superseded-session-kept",
    what: "a session whose key got a new generation is not retired",
    file: "src/supervisor/supervisor.ts",
    find: 'former?.retire({ required: true, reason: "ended", cause: "superseded" });',
    replace: "void former;",
    caughtBy: supervisorTest("retirement", "should take the old generation"),
  },
  {
    id: "children-not-ended",
    what: "the end of a session leaves the sessions opened as its children",
    file: "src/supervisor/supervisor.ts",
    find: 'void child.end({ reason: "ended", cause: "parent-ended", deadlineMs });',
    replace: "void [child, deadlineMs];",
    caughtBy: supervisorTest("ends", "should end the sessions that were opened as children"),
  },
  {
    id: "shutdown-is-no-fence",
    what: "sessions are made after the shutdown began",
    file: "src/supervisor/supervisor.ts",
    find: `this.#admission.fence();
`,
    replace: "",
    caughtBy: supervisorTest("shutdown", "should be a fence"),
  },
  {
    id: "acquire-after-a-tick",
    what: "an acquire owns the session only some ticks later",
    file: "src/supervisor/session-leases.ts",
    find: "if (servers.isPending) await this.#unlessEnded(servers.resolve());",
    replace: "await this.#unlessEnded(servers.resolve());",
    caughtBy: supervisorTest("hard-ends", "should be one when it is asked for within its own run"),
  },
  {
    id: "refused-acquire-gives-a-lease",
    what: "an acquire that the machine refused gives a lease all the same",
    file: "src/supervisor/session-leases.ts",
    find: `if (!session.view.snapshot.context.leases.includes(id)) throw session.endedError();
`,
    replace: "",
    caughtBy: supervisorTest("leases", "should refuse an acquire"),
  },
  {
    id: "servers-asked-twice",
    what: "two first acquires ask the servers function twice",
    file: "src/supervisor/session-servers.ts",
    find: "this.#resolving ??= this.#ask(this.#source);",
    replace: "this.#resolving = this.#ask(this.#source);",
    caughtBy: supervisorTest("servers", "should be asked once by all who wait"),
  },
  {
    id: "rejection-unobserved",
    what: "a servers function that fails on reload rejects a promise that nobody observes",
    file: "src/supervisor/session-servers.ts",
    find: "this.resolve().catch((error: unknown) => {",
    replace: `this.resolve().then(undefined, undefined);
    Promise.resolve().catch((error: unknown) => {`,
    caughtBy: supervisorTest("servers", "should fail on reload without harm"),
  },
  {
    id: "listener-rejection-unobserved",
    what: "an asynchronous listener that fails rejects a promise that nobody observes",
    file: "src/supervisor/events.ts",
    find: "if (result instanceof Promise) result.catch(report);",
    replace: "void result;",
    caughtBy: scenarioOf("LP-51"),
  },
  {
    id: "listener-throws-into-the-machine",
    what: "a listener that throws stops the announcement, and what announced it",
    file: "src/supervisor/events.ts",
    find: `      } catch (error) {
        report(error);
      }`,
    replace: `      } catch (error) {
        report(error);
        throw error;
      }`,
    caughtBy: scenarioOf("LP-51"),
  },
  {
    id: "one-exit-listener-each",
    what: "every supervisor listens for the exit of the process itself",
    file: "src/supervisor/exit-watch.ts",
    find: 'if (this.#duties.size === 0) this.#process.on("exit", this.#killAll);',
    replace: 'this.#process.on("exit", () => duty.killAll());',
    caughtBy: scenarioOf("LP-54"),
  },
  {
    id: "idle-session-counts-as-gone",
    what: "a session that is idle is not counted against the limit",
    file: "src/supervisor/session-view.ts",
    find: 'return this.state !== "active.asleep" || Object.keys(snapshot.context.runtimes).length > 0;',
    replace: 'return this.state === "active.live.busy";',
    caughtBy: supervisorTest("shutdown", "should refuse a session that would go live"),
  },
];
