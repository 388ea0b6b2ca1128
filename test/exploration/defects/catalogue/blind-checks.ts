import type { BlindCheck } from "../defect.js";

/** Checks that do not look. Each shows that it is this check, and no accident, that catches the defect it is blind to. */
export const blindChecks: readonly BlindCheck[] = [
  {
    id: "witness-never-asked",
    what: "the witness is not asked whether anybody holds its pipe",
    file: "src/testing/witness/fifo-witness.ts",
    find: 'return state === "held";',
    replace: "return false;",
    blindTo: "cookie-not-looked-for",
  },
  {
    id: "nothing-looked-for",
    what: "the end of a simulated life is not searched for what is left",
    file: "test/properties/promises-kept.ts",
    find: ".map((left) => `left: ${left}`);",
    replace: ".flatMap(() => []);",
    blindTo: "handle-not-disposed",
  },
  {
    id: "world-not-believed",
    what: "violations that the simulated world saw are not read",
    file: "test/properties/promises-kept.ts",
    find: '.filter(({ rule, sentence }) => rule !== "I11" || !isExcused(sentence))',
    replace: '.filter(({ sentence }) => sentence === "" && isExcused(sentence))',
    blindTo: "wake-beside-the-former-runtime",
  },
  {
    id: "invariants-not-asked",
    what: "the explorer reaches every state and asks nothing of it",
    file: "test/exploration/reachable.ts",
    find: ": wrong(moment, from, event);",
    replace: ": undefined;",
    blindTo: "older-attempt-obeyed",
  },
  {
    id: "server-not-asked",
    what: "a server is not asked which sessions it keeps for us",
    file: "test/real/support/http-subjects.ts",
    find: "await until(() => sessions.size === 0 && open.size === 0, problem, 1_000);",
    replace: "await until(() => true, problem, 1_000);",
    blindTo: "no-delete",
  },
  {
    id: "events-at-rest-only",
    what: "the explorer lets events come at quiescent points only",
    file: "test/exploration/composed/moves.ts",
    find: "const offsets = latestOffset === undefined ? [] :",
    replace: "const offsets = latestOffset !== 0 ? [] :",
    blindTo: "given-up-opening-started",
  },
];
