import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/setup/no-process-left.ts"],
    // Two cores: real processes of parallel files would starve each other of the graces they are measured by.
    maxWorkers: 2,
    // Graces of real processes on a busy CI machine: once more there, before it is called a failure. What a first try left behind fails
    // the run all the same, at its end.
    retry: process.env["CI"] ? 1 : 0,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
