import { expect, test } from "vitest";
import { exploreRuntime, exploreRuntimeOfTwo } from "./runtime.js";
import { explorationTimeoutMs } from "./reachable.js";
import { report } from "./report.js";

test.each([
  { which: "one server", explore: exploreRuntime },
  { which: "two servers", explore: exploreRuntimeOfTwo },
])(
  "a runtime of $which should never have two trees of a server, open nothing after the fence, and end when told to",
  { timeout: explorationTimeoutMs },
  ({ explore }) => {
    const explored = explore();
    expect(report(explored)).toBeUndefined();
  },
);
