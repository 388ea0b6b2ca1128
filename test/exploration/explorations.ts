import { composedNames, exploreComposed } from "./composed/explore.js";
import { exploreConnection } from "./connection.js";
import type { Exploration } from "./exploration.js";
import { exploreRuntime, exploreRuntimeOfTwo } from "./runtime.js";
import { exploreSession } from "./session.js";

const { EXPLORATION_K = "2", EXPLORATION_SECONDS = "60" } = process.env;

/** Every exploration there is, the quick ones first; how far each goes is the environment's to say. */
export const explorations: readonly (() => Exploration | Promise<Exploration>)[] = [
  exploreConnection,
  exploreSession,
  exploreRuntime,
  exploreRuntimeOfTwo,
  ...composedNames.map((name) => () => exploreComposed(name, extent)),
];

/** How far the composed ones go. */
export const extent = { k: Number(EXPLORATION_K), seconds: Number(EXPLORATION_SECONDS) };
