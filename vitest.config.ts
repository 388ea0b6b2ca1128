import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/setup/longest-first.js";

const shared = {
  // Two more than CI has cores: tests on real processes wait for graces most of their time. More would starve each other of these.
  maxWorkers: 4,
  // Graces of real processes on a busy CI machine: once more there, before it is called a failure. What a first try left behind fails
  // the run all the same, at its end.
  retry: process.env["CI"] ? 1 : 0,
  testTimeout: 60_000,
  // Of conditions that are polled: a second, which is the default, is nothing on a busy machine.
  expect: { poll: { timeout: 15_000 } },
  hookTimeout: 60_000,
};
const scenarios = "test/scenarios/**/*.test.ts";
/** Look at what a process has one of: its guardian, its watch over the exit, what XState and signal-exit remember. */
const alone = [
  "test/cli/guardians.test.ts",
  "test/scenarios/LP-55.test.ts",
  "test/supervisor/create-supervisor.test.ts",
  "test/supervisor/exit-duty.test.ts",
];
/** Short files that change nothing of their process: to load everything anew for each would take longer than they do. */
const inOneProcess = [
  "test/{cli,config,diagrams,docs,gateway,machines,openclaw,proof,supervisor,telemetry,testing,transports}/**/*.test.ts",
  "test/processes/**/!(unprivileged).test.ts",
  "test/recovery/!(guardian)*.test.ts",
];

export default defineConfig({
  test: {
    // Torn down in reverse order.
    globalSetup: ["test/setup/state-home.ts", "test/setup/no-process-left.ts"],
    maxWorkers: shared.maxWorkers,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...shared,
          name: "suite",
          include: ["test/**/*.test.ts"],
          exclude: [scenarios, ...inOneProcess],
        },
      },
      { test: { ...shared, name: "alone", include: alone } },
      { test: { ...shared, name: "short", include: inOneProcess, exclude: alone, isolate: false } },
      { test: { ...shared, name: "scenarios", include: [scenarios], exclude: alone, isolate: false } },
    ],
  },
});
