import * as fc from "fast-check";
import {
  type AnswerPlan,
  createWorld,
  type Delay,
  noSpaceError,
  presets,
  SimulationError,
  type World,
} from "../../src/testing/simulation/index.js";
import { serverNames } from "./host-commands.js";
import { programs } from "./sibling.js";

type PresetName = keyof typeof presets;

/** What even a recovered world keeps, and why. */
const beyondReach: Partial<Record<PresetName, { readonly left: RegExp; readonly why: string }>> = {
  shedsCookie: { left: /^process \d+ "helper with a clean environment"/, why: "hides its origin from everybody" },
  lateSessionId: { left: /^session /, why: "a session whose id nobody learned in time" },
  neverTellsSessionId: { left: /^session /, why: "a session whose id nobody ever learned" },
};

/** Where an end may have to be reported as leaked until the world recovers, or for ever. */
const mayLeak = new Set<PresetName>([
  "unkillable",
  "otherUser",
  "neverSettles",
  "deleteFails",
  "deleteHangs",
  "unreachable",
  ...(Object.keys(beyondReach) as PresetName[]),
]);

const presetNames = Object.keys(presets) as PresetName[];

const answer = fc.oneof(
  { weight: 3, arbitrary: fc.constant<AnswerPlan>({}) },
  { weight: 1, arbitrary: fc.constant<AnswerPlan>({ hang: true }) },
  { weight: 1, arbitrary: fc.constant<AnswerPlan>({ fail: new SimulationError("the process host fails") }) },
  { weight: 1, arbitrary: fc.constant<AnswerPlan>({ latencyMs: 700 }) },
);
const answers = fc.array(answer, { minLength: 1, maxLength: 4 });

const writing = fc.oneof(
  { weight: 3, arbitrary: fc.constant<AnswerPlan>({}) },
  { weight: 1, arbitrary: fc.constant<AnswerPlan>({ hang: true }) },
  { weight: 1, arbitrary: fc.constant<AnswerPlan>({ fail: noSpaceError() }) },
  { weight: 1, arbitrary: fc.constant<AnswerPlan>({ latencyMs: 300 }) },
);
const writings = fc.array(writing, { minLength: 1, maxLength: 4 });

/** Of calls; seconds, so that the rest can happen while one is in flight. */
const pace = fc.constantFrom<Delay>(0, 2_000, "never");

/** A world to be, as plain data. */
export type WorldPlan = typeof anyWorld extends fc.Arbitrary<infer Plan> ? Plan : never;

/** Everything in it can be ended, and the process host answers at once and well. */
export const endableWorld: fc.Arbitrary<WorldPlan> = fc.record({
  servers: choiceOf(presetNames.filter((name) => !mayLeak.has(name))),
  answerMs: pace,
  hostPlans: fc.constant({}),
  ledgerPlans: fc.constant({}),
  onLedgerFailure: fc.constant("refuse" as const),
  seed: fc.nat(),
});

/** Any servers, and a process host and a disk that may hang, fail or be slow; all of it until the world recovers. */
export const anyWorld = fc.record({
  servers: fc.oneof(choiceOf(presetNames), choiceOf([...mayLeak])),
  answerMs: pace,
  hostPlans: fc.oneof(fc.constant({}), fc.record({ spawn: answers, look: answers, signal: answers })),
  ledgerPlans: fc.oneof(
    { weight: 2, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.record({ intend: writings, started: writings, kept: writings, remove: writings }) },
  ),
  onLedgerFailure: fc.constantFrom("refuse", "continue"),
  seed: fc.nat(),
});

export function build({ servers, answerMs, ...plan }: WorldPlan): World {
  const behaviourOf = (name: PresetName) => ({ calls: { answerMs }, ...presets[name] });
  return createWorld({ ...plan, behaviours: { a: behaviourOf(servers.a), b: behaviourOf(servers.b) }, programs });
}

/** Why nobody can end this thing that is left; undefined where somebody should have. */
export function whyBeyondReach(left: string, { servers }: Pick<WorldPlan, "servers">): string | undefined {
  return serverNames
    .filter((name) => left.includes(`/${name}.`))
    .map((name) => beyondReach[servers[name]])
    .find((kept) => kept?.left.test(left) === true)?.why;
}

/** Nobody reads the environment of another user's process, and without a leader on record nothing else tells whose it is. */
export function isUnseenByIntent(left: string): boolean {
  return /^process \d+ "setuid helper"/.test(left);
}

/** Whether a tree of that connection may seem gone although it is not, so that another is started beside it. */
export function mayRunUnseen(connectionId: string, { servers }: Pick<WorldPlan, "servers">): boolean {
  return serverNames.some((name) => connectionId.includes(`/${name}.`) && servers[name] === "shedsCookie");
}

/** Whether a tree may be started without a record on disk. */
export function mayGoUnrecorded({
  ledgerPlans,
  onLedgerFailure,
}: Pick<WorldPlan, "ledgerPlans" | "onLedgerFailure">): boolean {
  return "intend" in ledgerPlans && onLedgerFailure === "continue";
}

function choiceOf(names: readonly PresetName[]) {
  return fc.record({ a: fc.constantFrom(...names), b: fc.constantFrom(...names) });
}
