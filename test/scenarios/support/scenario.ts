import { test, type TestAPI } from "vitest";

/** A scenario on real processes, whose witness is Linux's. Those of one file run at the same time: most of them is waiting. */
export const scenario: TestAPI["concurrent"] = test.runIf(process.platform === "linux").concurrent;
