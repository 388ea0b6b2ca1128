import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** The tests that run within this process: a mutant is switched on in it, and in no child of it. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL("../..", import.meta.url)),
    include: ["test/{machines,supervisor,exploration,properties,processes,transports}/*.test.ts"],
    // Those of a child process, and what takes minutes without seeing more.
    exclude: [
      "test/**/unprivileged.test.ts",
      "test/supervisor/{exit-watch,signals}.test.ts",
      "test/exploration/composed.test.ts",
    ],
    env: { PROPERTY_RUNS: "60" },
    testTimeout: 60_000,
  },
});
