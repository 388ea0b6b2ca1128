import type { Defect } from "../defect.js";
import { endableWorld, recoveryTest, simulationTest } from "./known-tests.js";

/** Of what the next gateway makes of what a killed one left. */
export const restartsDefects: readonly Defect[] = [
  {
    id: "start-of-owner-not-compared",
    what: "a gateway that got the pid of the dead one passes for it, and the dead one's trees are left",
    file: "src/recovery/owner-state.ts",
    find: "seen.startTime !== startTime ||",
    replace: 'seen.startTime === "" ||',
    caughtBy: endableWorld,
  },
  {
    id: "sweep-never-forces",
    what: "a sweep sends nothing but SIGTERM",
    file: "src/recovery/reap.ts",
    find: 'mayKill ? "SIGKILL" : "SIGTERM"',
    replace: 'mayKill ? "SIGTERM" : "SIGTERM"',
    caughtBy: endableWorld,
  },
  {
    id: "swept-record-stays",
    what: "the record of a tree that a sweep proved gone stays",
    file: "src/recovery/reap.ts",
    find: "const isOurs = await records.remove(decision);",
    replace: "const isOurs = await Promise.resolve(records === undefined);",
    caughtBy: endableWorld,
  },
  {
    id: "record-removed-before-the-proof",
    what: "a sweep removes a record when it signals, and a tree that outlives the sweep is nobody's",
    file: "src/recovery/reap.ts",
    find: 'if (decision.verdict === "end" && !isGivenUp(decision, tookMs)) continue;',
    replace: `if (decision.verdict === "end") void options.records.remove(decision);
      if (decision.verdict === "end" && !isGivenUp(decision, tookMs)) continue;`,
    caughtBy: simulationTest("virtual-gateway", "should sweep no further when it is killed itself"),
  },
  {
    id: "intent-ignored",
    what: "a tree of which only the intent was written is not looked for",
    file: "src/recovery/plan.ts",
    find: "if (leader === undefined) return search(nobody);",
    replace: "if (leader === undefined) return { proved: [], doubtful: [] };",
    caughtBy: simulationTest("virtual-gateway", "should find a tree by its intent"),
  },
  {
    id: "doubtful-signalled",
    what: "a sweep signals who may belong to a tree and is not proved to",
    file: "src/recovery/reap.ts",
    find: "for (const { signals } of open) sendAll(signals,",
    replace: "for (const { signals, doubtful } of open) sendAll([...signals, ...doubtful],",
    caughtBy: recoveryTest("sweep", "should signal nobody who is only doubtful"),
  },
  {
    id: "undeleted-session-forgotten",
    what: "the record of an HTTP session goes although its server could not be reached",
    file: "src/recovery/end-remotes.ts",
    find: "if (problem === undefined) {",
    replace: 'if (problem !== "") {',
    caughtBy: simulationTest("virtual-gateway", "should delete the HTTP sessions that are on record"),
  },
];
