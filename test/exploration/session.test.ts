import { expect, test } from "vitest";
import { problemOf, summaryOf } from "./exploration.js";
import { exploreSession } from "./session.js";

test("a session should dispose once in every path, join later ends, and be closed by proof only", () => {
  const explored = exploreSession();
  console.info(summaryOf(explored));
  expect(problemOf(explored)).toBeUndefined();
});
