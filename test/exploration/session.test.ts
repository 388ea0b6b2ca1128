import { expect, test } from "vitest";
import { exploreSession } from "./session.js";
import { explorationTimeoutMs } from "./reachable.js";
import { report } from "./report.js";

test(
  "a session should dispose once in every path, join later ends, and be closed by proof only",
  { timeout: explorationTimeoutMs },
  () => {
    const explored = exploreSession();
    expect(report(explored)).toBeUndefined();
  },
);
