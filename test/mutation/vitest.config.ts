import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { keptThread } from "./kept-thread.js";

const { MUTATED_PART = "machines", MUTATED_PASS = "first" } = process.env;

const simulated = ["test/{machines,supervisor}/*.test.ts", "test/exploration/session.test.ts"];
const explored = ["test/exploration/{connection,runtime}.test.ts", "test/properties/*.test.ts"];
/** Those of a child process, in which no mutant is switched on, and what takes minutes without seeing more. */
const outside = ["test/**/unprivileged.test.ts", "test/supervisor/{exit-watch,signals,every-end}.test.ts"];

/**
 * The tests of each part. Few mutants that the short ones let through are caught by the long ones, which take seconds each: these are for
 * what is left.
 */
const tests: Readonly<Record<string, { readonly short: readonly string[]; readonly long: readonly string[] }>> = {
  machines: { short: simulated, long: explored },
  supervisor: { short: simulated, long: explored },
  transports: {
    short: [
      "test/transports/{call-gate,client-life,http-session,in-memory-handle,late-initialize,sse-handle,stdio-server,stdio-steps,streamable-http-handle}.test.ts",
    ],
    long: ["test/transports/{http-streams,stdio-handle}.test.ts"],
  },
  processes: {
    short: [
      "test/processes/{census,census-queue,end-tree-graces,find-members,kill-sync,pid-order,signal-members,tree-record}.test.ts",
    ],
    long: ["test/processes/{end-tree,process-host,signal}.test.ts"],
  },
};

const part = tests[MUTATED_PART];

/** The tests of one part that run within this process, for Stryker. */
export default defineConfig({
  plugins: [
    {
      name: "keep-thread",
      // Not an option: Stryker sets the pool itself.
      configureVitest({ project }) {
        Object.assign(project.config, { pool: keptThread.name, poolRunner: keptThread });
      },
    },
  ],
  test: {
    root: fileURLToPath(new URL("../..", import.meta.url)),
    include: [...(part?.short ?? []), ...(MUTATED_PASS === "second" ? (part?.long ?? []) : [])],
    exclude: outside,
    isolate: false,
    setupFiles: ["test/mutation/each-file.ts"],
    env: { PROPERTY_RUNS: "20" },
    testTimeout: MUTATED_PASS === "second" ? 20_000 : 4_000,
  },
});
