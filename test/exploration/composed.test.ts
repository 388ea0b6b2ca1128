import { expect, test } from "vitest";
import { composedNames, exploreComposed } from "./composed/explore.js";
import { extent } from "./explorations.js";
import { report } from "./report.js";

test.each(composedNames)(
  "should hold every invariant, and lead to closed in a fair world: %s",
  async (name) => {
    const explored = await exploreComposed(name, extent);
    expect(report(explored)).toBeUndefined();
  },
  // What is explored stops by itself; this is for what hangs.
  (extent.seconds + 60) * 1_000,
);
