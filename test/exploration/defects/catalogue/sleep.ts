import type { Defect } from "../defect.js";
import { anyWorld, endableWorld, sessionAlone, structure, supervisorTest } from "./known-tests.js";

/** Of sleep, waking and idleness. */
export const sleepDefects: readonly Defect[] = [
  {
    id: "sleep-while-busy",
    what: "a session with leases goes to sleep",
    file: "src/machines/session.ts",
    find: `                ACQUIRE: { actions: "addLease" },
                RELEASE: [`,
    replace: `                ACQUIRE: { actions: "addLease" },
                SLEEP: { target: "#session.active.asleep", actions: "closeCurrent" },
                RELEASE: [`,
    caughtBy: structure,
  },
  {
    id: "sleep-with-a-call",
    what: "a session without a lease goes to sleep although a call is in flight",
    file: "src/machines/session.ts",
    find: 'SLEEP: { guard: "hasNoCall", target: "#session.active.asleep", actions: "closeCurrent" },',
    replace: 'SLEEP: { target: "#session.active.asleep", actions: "closeCurrent" },',
    caughtBy: endableWorld,
  },
  {
    id: "wake-beside-the-former-runtime",
    what: "a session that wakes starts its runtime while the former one is still closing",
    file: "src/machines/session-setup.ts",
    find: "if (context.current !== undefined || former.some(({ leaked }) => !leaked)) return;",
    replace: "if (context.current !== undefined) return;",
    caughtBy: anyWorld,
  },
  {
    id: "wake-waits-for-a-leak",
    what: "a session that wakes waits for a former runtime that leaked, perhaps for ever",
    file: "src/machines/session-setup.ts",
    find: "if (context.current !== undefined || former.some(({ leaked }) => !leaked)) return;",
    replace: "if (context.current !== undefined || former.length > 0) return;",
    caughtBy: sessionAlone,
  },
  {
    id: "wake-forgets-what-leaked",
    what: "a runtime is not told which servers its predecessor leaked",
    file: "src/machines/session-setup.ts",
    find: "const leakedServers = former.flatMap((runtime) => runtime.leakedServers);",
    replace: "const leakedServers: string[] = [];",
    caughtBy: supervisorTest("servers", "should not be started a second time before the proof"),
  },
  {
    id: "release-counts-as-use",
    what: "the release of a lease moves the idle deadline",
    file: "src/machines/session-setup.ts",
    find: 'event.type === "RELEASE" ? { leases: context.leases.filter((lease) => lease !== event.lease) } : {},',
    replace:
      'event.type === "RELEASE" ? { leases: context.leases.filter((lease) => lease !== event.lease), lastUse: event.at } : {},',
    caughtBy: supervisorTest("timeouts", "should be the end of the last call plus the limit"),
  },
];
