import { expect, test } from "vitest";
import { exploreSession } from "./session.js";
import { report } from "./report.js";

test("a session should dispose once in every path, join later ends, and be closed by proof only", () => {
  const explored = exploreSession();
  expect(report(explored)).toBeUndefined();
});
