import type { Survivor } from "./facts.js";

/** Why nobody catches it, by what the mutant replaces it with; what is not here is not explained yet. */
const words: readonly (Survivor & { readonly word: string })[] = [];

/** The word on a survivor. */
export function wordFor({ file, original, replacement }: Survivor): string {
  const known = words.find(
    (each) => each.file === file && each.original === original && each.replacement === replacement,
  );
  return known?.word ?? "a gap: no test notices yet";
}
