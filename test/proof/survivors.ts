import { closingRules } from "./closing-survivors.js";
import type { Survivor } from "./facts.js";
import { supervisorRules } from "./supervisor-survivors.js";

export interface Rule {
  readonly file?: RegExp;
  readonly original?: RegExp;
  readonly replacement?: RegExp;
  readonly word: string;
}

/** Why nobody catches it. The first rule that fits counts; what none fits is a gap. */
const rules: readonly Rule[] = [
  ...supervisorRules,
  ...closingRules,
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
  { original: /\.size === 0$/, replacement: /^false$/, word: "equivalent but for memory: an empty set is kept" },
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
