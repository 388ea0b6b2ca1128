import type { Defect } from "../defect.js";
import {
  anyWorld,
  composed,
  endableWorld,
  matrixCell,
  scenarioOf,
  supervisorTest,
  wakeOfAnswers,
} from "./known-tests.js";

/** Of the register, and of dispose. */
export const custodyDefects: readonly Defect[] = [
  {
    id: "close-event-trusted",
    what: "the exit of the leader counts as the end of its tree",
    file: "src/supervisor/closing-steps.ts",
    find: "empty: record.settled && found.empty,",
    replace: "empty: record.settled && (found.empty || found.exit !== undefined),",
    caughtBy: matrixCell('helper-ignored-stdio" should leave nothing when its session is ended while idle'),
  },
  {
    id: "given-up-opening-started",
    what: "an opening that is given up in the tick in which it was entered starts all the same",
    file: "src/supervisor/custody.ts",
    find: `      if (record.opening.signal.aborted) throw abortError(record);
      const transport`,
    replace: "      const transport",
    caughtBy: wakeOfAnswers,
  },
  {
    id: "unsettled-opening-counts-as-empty",
    what: "an opening that may still give birth counts as nothing",
    file: "src/supervisor/closing-steps.ts",
    find: "empty: record.settled && found.empty,",
    replace: "empty: found.empty,",
    caughtBy: composed,
  },
  {
    id: "open-failure-forgets-the-record",
    what: "the record of an opening that failed goes without proof",
    file: "src/supervisor/custody.ts",
    find: `record.failure ??= typedFailure(record, error);
      throw record.failure;`,
    replace: `record.failure ??= typedFailure(record, error);
      this.remove(record);
      throw record.failure;`,
    caughtBy: endableWorld,
  },
  {
    id: "record-never-removed",
    what: "a closed connection stays in the register, and in the count of trees",
    file: "src/supervisor/custody.ts",
    find: "this.#records.delete(record.id);",
    replace: "",
    caughtBy: endableWorld,
  },
  {
    id: "handle-not-disposed",
    what: "a closed connection keeps its pipes, its sockets and its ledger record",
    file: "src/supervisor/custody.ts",
    find: "record.handle.dispose();",
    replace: "",
    caughtBy: endableWorld,
  },
  {
    id: "dispose-always-leaked",
    what: "dispose reports a leak whatever custody holds",
    file: "src/supervisor/session-port.ts",
    find: 'return records().length === 0 ? "gone" : "leaked";',
    replace: 'return "leaked";',
    caughtBy: endableWorld,
  },
  {
    id: "dispose-waits-for-nothing",
    what: "dispose is done before anything is closed",
    file: "src/supervisor/session-port.ts",
    find: `await custody.until(session.id, () => records().every(({ wasLeaked }) => wasLeaked), signal);
      return records().length === 0 ? "gone" : "leaked";`,
    replace: `await custody.until(session.id, () => true, signal);
      return "gone";`,
    caughtBy: supervisorTest("ends", "should give a remote session up after five goodbyes"),
  },
  {
    id: "drain-waits-for-nothing",
    what: "an end does not wait for calls in flight",
    file: "src/machines/terminal.ts",
    find: 'always: { guard: "hasNoCall", target: "disposing" },',
    replace: 'always: { target: "disposing" },',
    caughtBy: supervisorTest("calls", "in flight should finish before"),
  },
  {
    id: "one-connection-speaks-for-all",
    what: "no call of a session is in flight as soon as none of one connection is",
    file: "src/supervisor/session-port.ts",
    find: "custody.of(session.id).reduce((sum, { calls }) => sum + calls.inFlight, 0);",
    replace: "inFlight;",
    caughtBy: supervisorTest("calls", "in flight on one server should not be cut"),
  },
  {
    id: "calls-accepted-while-draining",
    what: "calls are accepted after the end began",
    file: "src/supervisor/session-port.ts",
    find: "for (const { calls } of records()) calls.refuse(() => session.endedError());",
    replace: "",
    caughtBy: scenarioOf("LP-08", "an end lets a call in flight finish"),
  },
  {
    id: "leak-never-retried",
    what: "a leak is reported and left",
    file: "src/supervisor/session-port.ts",
    find: "host.retryLater(session, record);",
    replace: "",
    caughtBy: anyWorld,
  },
  {
    id: "slot-freed-early",
    what: "a tree that is closing does not count any more",
    file: "src/supervisor/custody-record.ts",
    find: 'const hasTree = handle.kind === "stdio" || handle.tree !== undefined;',
    replace: 'const hasTree = (handle.kind === "stdio" || handle.tree !== undefined) && state !== "closing";',
    caughtBy: scenarioOf("LP-11", "the slot of a tree is free"),
  },
  {
    id: "slot-of-a-leak-freed",
    what: "a tree that leaked does not count any more",
    file: "src/supervisor/custody-record.ts",
    find: 'return hasTree && !(state === "leaked" && look !== undefined && isOnlyRemoteLeft(look));',
    replace: 'return hasTree && state !== "leaked";',
    caughtBy: supervisorTest("shutdown", "should keep the slot of a tree"),
  },
  {
    id: "net-does-not-say-so",
    what: "the net ends what a machine dropped, and nobody is told",
    file: "src/supervisor/custody.ts",
    find: `this.#netUses += 1;
    record.netUsed = true;
`,
    replace: "",
    caughtBy: supervisorTest("net", "should leave other sessions alone"),
  },
  {
    id: "net-does-not-look",
    what: "the net takes its own SIGKILL for proof",
    file: "src/supervisor/net.ts",
    find: 'if (evidence.empty) return "empty";',
    replace: 'if (evidence.at >= 0) return "empty";',
    caughtBy: supervisorTest("net", "should not let a server be started again"),
  },
];
