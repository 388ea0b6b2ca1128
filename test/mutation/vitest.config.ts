import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { keptThread } from "./kept-thread.js";

const { MUTATED_PART = "machines", MUTATED_PASS = "first" } = process.env;

/** Few mutants that the other tests let through are caught by these, which take seconds each: they are for what is left. */
const long = ["test/exploration/{connection,runtime}.test.ts", "test/properties/*.test.ts"];
/** Those of a child process, in which no mutant is switched on, and what takes minutes without seeing more. */
const outside = ["test/**/unprivileged.test.ts", "test/supervisor/{exit-watch,signals,every-end}.test.ts"];

const simulated = ["test/{machines,supervisor}/*.test.ts", "test/exploration/session.test.ts"];
const tests: Readonly<Record<string, readonly string[]>> = {
  machines: simulated,
  supervisor: simulated,
  transports: ["test/transports/*.test.ts"],
  processes: ["test/processes/*.test.ts"],
};

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
    include: [...(tests[MUTATED_PART] ?? []), ...(MUTATED_PASS === "second" ? long : [])],
    exclude: outside,
    isolate: false,
    setupFiles: ["test/mutation/each-file.ts"],
    env: { PROPERTY_RUNS: "20" },
    testTimeout: 4_000,
  },
});
