import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const { PROOF_FACTS } = process.env;

/** Writes down what a test measured, where `PROOF_FACTS` names a folder for it; `docs/proof.md` is made of that. */
export function recordFacts(name: string, facts: object): void {
  if (PROOF_FACTS === undefined) return;
  mkdirSync(PROOF_FACTS, { recursive: true });
  writeFileSync(join(PROOF_FACTS, factsFile(name)), `${JSON.stringify(facts, undefined, 2)}\n`);
}

export function factsFile(name: string): string {
  return `${name.replaceAll(/[^a-z0-9]+/gi, "-").toLowerCase()}.json`;
}
