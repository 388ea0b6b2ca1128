import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Exploration } from "../exploration/exploration.js";
import { factsFile } from "./record-facts.js";

/** Lives of a property, and how often each command and each terminal state was reached in them. */
export interface LivesFacts {
  readonly lives: number;
  readonly seed: number;
  readonly reached: string;
}

/** What caught one deliberate defect. */
export interface DefectFacts {
  readonly id: string;
  readonly what: string;
  readonly file: string;
  readonly survey: Readonly<Record<string, { readonly counterexample: string } | null>>;
}

export interface Survivor {
  readonly file: string;
  readonly original: string;
  readonly replacement: string;
  /** Whether any test of that run comes there; by default it does. */
  readonly isReached?: boolean;
}

/** The parts of the source of which mutants are made. */
export const mutatedParts = ["machines", "supervisor", "transports", "processes"] as const;

/** What mutation testing of one part came to. */
export interface MutationFacts {
  readonly part: (typeof mutatedParts)[number];
  /** Whether what the short tests let through was tested with the explorations and simulated lives, too. */
  readonly withLongTests: boolean;
  /** How many files were tested in full, and which others there are in this part. */
  readonly files: number;
  readonly untested: readonly string[];
  readonly tested: number;
  readonly caught: number;
  readonly timedOut: number;
  readonly survivors: readonly Survivor[];
}

const folder = fileURLToPath(new URL("./facts/", import.meta.url));

export function explorationFacts(name: string): Exploration | undefined {
  return read(`exploration of ${name}`) as Exploration | undefined;
}

export function livesFacts(world: "simulated" | "real"): LivesFacts | undefined {
  return read(`${world} lives`) as LivesFacts | undefined;
}

/** In the order of the run. */
export function defectFacts(): readonly DefectFacts[] {
  const lines = text("defects.jsonl")?.trim().split("\n") ?? [];
  return lines.map((line) => JSON.parse(line) as DefectFacts);
}

/** Of each part that has been measured. */
export function mutationFacts(): readonly MutationFacts[] {
  return mutatedParts.flatMap((part) => {
    const facts = read(`mutation of ${part}`) as MutationFacts | undefined;
    return facts === undefined ? [] : [facts];
  });
}

function read(name: string): unknown {
  const found = text(factsFile(name));
  return found === undefined ? undefined : (JSON.parse(found) as unknown);
}

function text(file: string): string | undefined {
  return existsSync(folder + file) ? readFileSync(folder + file, "utf8") : undefined;
}
