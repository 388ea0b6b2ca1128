import { composedNames } from "../exploration/composed/explore.js";

/** What the explorations are of, in the order of the page. */
export const explored: readonly string[] = [
  "connection alone",
  "session alone",
  "runtime alone, one server, three configurations",
  "runtime alone, two servers",
  ...composedNames,
];
