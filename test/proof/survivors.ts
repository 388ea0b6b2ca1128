import type { Survivor } from "./facts.js";

interface Rule {
  readonly file?: RegExp;
  readonly original?: RegExp;
  readonly replacement?: RegExp;
  readonly word: string;
}

/** Why nobody catches it. The first rule that fits counts; what none fits is a gap. */
const rules: readonly Rule[] = [
  {
    file: /exit-watch/,
    word: "tested in processes of their own, in which no mutant is switched on",
  },
  {
    file: /create-supervisor/,
    word: "tested by scenarios on real processes, which are too long for each mutant",
  },
  {
    original: /^event\.type === "[A-Z_.]+"$/,
    replacement: /^true$/,
    word: "equivalent: it narrows a type; the machine names the action for that event only",
  },
  {
    original: /^event\.type !== "[A-Z_.]+"$/,
    replacement: /^false$/,
    word: "equivalent: it narrows a type; the machine names the action for that event only",
  },
  {
    original: /\|\| event\.type === /,
    replacement: /^true$/,
    word: "equivalent: it narrows a type; the machine names the action for those events only",
  },
  {
    original: /\?\.[a-zA-Z]+$/,
    replacement: /^[^?]*$/,
    word: "what may be absent there is not, in any state that a test reaches",
  },
  {
    original: /^record\.opening\.signal\.aborted$|outer\?\.aborted/,
    word: "redundant: asked again one step later",
  },
  { original: /\.size === 0$/, replacement: /^false$/, word: "equivalent but for memory: an empty set is kept" },
  {
    original: /completion\.request === undefined|endedError\(\)/,
    word: "redundant: calls are refused when the end begins",
  },
];

/** The word on a survivor. */
export function wordFor({ file, original, replacement, isReached = true }: Survivor): string {
  const known = rules.find(
    (rule) =>
      (rule.file?.test(file) ?? true) &&
      (rule.original?.test(original) ?? true) &&
      (rule.replacement?.test(replacement) ?? true),
  );
  return known?.word ?? (isReached ? "a gap" : "a gap: no test of that run reaches it");
}
