import type { Exploration } from "../exploration.js";
import { exploreInterleavings } from "./interleavings.js";
import { settingOf, type SettingOptions } from "./settings.js";

type Composed = Omit<SettingOptions, "k" | "name"> & {
  /** How much longer than the shortest its scripts are. */
  readonly longerBy: number;
};

/** What the composition of session, runtime and connection is explored with, the quick ones first: depth in one respect has its price in another. */
const composed = {
  "one process server, everything that can happen": {
    servers: { a: "stdio" },
    events: ["ACQUIRE", "RELEASE", "CALL", "SLEEP", "RELOAD", "RETIRE", "END", "END!", "DIE", "ORPHAN"],
    hasFaults: true,
    latestOffset: undefined,
    longerBy: 0,
  },
  "one HTTP server, everything that can happen": {
    servers: { a: "http" },
    events: ["ACQUIRE", "RELEASE", "CALL", "SLEEP", "RELOAD", "RETIRE", "END", "END!"],
    hasFaults: true,
    latestOffset: undefined,
    longerBy: 0,
  },
  "one process server, events in the wake of answers": {
    servers: { a: "stdio" },
    events: ["ACQUIRE", "RELEASE", "CALL", "SLEEP", "RELOAD", "END", "END!"],
    hasFaults: true,
    latestOffset: 5,
    longerBy: 0,
  },
  "one process server that dies, an end in the wake of answers": {
    servers: { a: "stdio" },
    events: ["ACQUIRE", "DIE", "END"],
    hasFaults: false,
    latestOffset: 5,
    longerBy: 0,
  },
  "one process server that is well": {
    servers: { a: "stdio" },
    events: ["ACQUIRE", "RELEASE", "CALL", "SLEEP", "RELOAD", "RETIRE", "END", "END!", "END!!", "SHUTDOWN"],
    hasFaults: false,
    latestOffset: undefined,
    longerBy: 1,
  },
  "two servers that are well": {
    servers: { a: "stdio", b: "http" },
    events: ["ACQUIRE", "RELEASE", "CALL", "SLEEP", "RELOAD", "END"],
    hasFaults: false,
    latestOffset: undefined,
    longerBy: 0,
  },
  "every reason to end": {
    servers: { a: "stdio" },
    events: ["ACQUIRE", "RELEASE", "RETIRE", "END", "RESET", "FAIL", "TIMEOUT"],
    hasFaults: false,
    latestOffset: undefined,
    longerBy: 0,
  },
  "one process server, every fault and two ends": {
    servers: { a: "stdio" },
    events: ["ACQUIRE", "END", "END!"],
    hasFaults: true,
    latestOffset: undefined,
    longerBy: 1,
  },
} satisfies Record<string, Composed>;

export type ComposedName = keyof typeof composed;

export const composedNames = Object.keys(composed) as ComposedName[];

/**
 * The machines that really run, under the supervisor that really runs them, over ports whose every answer is chosen. `k`: how many events
 * and faults the shortest scripts have; `seconds`: when to stop before that bound is reached.
 */
export function exploreComposed(
  name: ComposedName,
  { k, seconds }: { k: number; seconds: number },
): Promise<Exploration> {
  const { longerBy, ...rest } = composed[name] as Composed;
  return exploreInterleavings(settingOf({ ...rest, name, k: k + longerBy }), seconds);
}
