import { expect, test } from "vitest";
import { exploreConnection } from "./connection.js";
import { explorationTimeoutMs } from "./reachable.js";
import { report } from "./report.js";

test(
  "a connection should reach closed from every state by the clock alone, and closed only by evidence or by giving up with a word",
  { timeout: explorationTimeoutMs },
  () => {
    const explored = exploreConnection();
    expect(report(explored)).toBeUndefined();
  },
);
