import type { Defect } from "../defect.js";
import { connectionAlone, scenarioOf, structure } from "./known-tests.js";

/** Of the command that runs once a tree is proved gone. */
export const afterCloseDefects: readonly Defect[] = [
  {
    id: "after-close-without-proof",
    what: "the command runs, and the connection closes, when SIGTERM left something",
    file: "src/machines/connection.ts",
    find: 'onDone: [...judged, { target: "forcing" }],',
    replace: 'onDone: [...judged, { target: "afterClose" }],',
    caughtBy: connectionAlone,
  },
  {
    id: "after-close-unbounded",
    what: "a command that hangs is waited for without a limit",
    file: "src/machines/after-close-state.ts",
    find: '      after: { afterCloseLimit: { target: "stopping" } },\n',
    replace: "",
    caughtBy: structure,
  },
  {
    id: "after-close-leaks",
    what: "a tree that is proved gone is reported as leaked when the deadline comes while the command runs",
    file: "src/machines/after-close-state.ts",
    find: '    DEADLINE: { target: "#connection.closed" },\n',
    replace: "",
    caughtBy: connectionAlone,
  },
  {
    id: "after-close-forgotten",
    what: "a tree that is proved gone can still be given up",
    file: "src/machines/after-close-state.ts",
    find: "    FORGET: {},\n",
    replace: "",
    caughtBy: connectionAlone,
  },
  {
    id: "after-close-leaves-daemon",
    what: "what the command leaves behind is not looked for",
    file: "src/transports/after-close.ts",
    find: "problem ??= howItFailed(exit, stderr.lastLine);\n    await killUntilEmpty();",
    replace: "problem ??= howItFailed(exit, stderr.lastLine);",
    caughtBy: scenarioOf("LP-36", "a command that leaves a daemon"),
  },
];
