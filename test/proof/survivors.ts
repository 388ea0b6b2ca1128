import type { Survivor } from "./facts.js";

interface Rule {
  readonly original: RegExp;
  readonly replacement?: RegExp;
  readonly word: string;
}

/** Why nobody catches it. The first rule that fits counts; what none fits is a gap. */
const rules: readonly Rule[] = [
  {
    original: /^event\.type (===|!==) /,
    word: "equivalent: it narrows a type; the machine names the action for that event only",
  },
  {
    original: /\|\| event\.type === /,
    word: "equivalent: it narrows a type; the machine names the action for those events only",
  },
  { original: /^\{ once: true \}$/, word: "equivalent: the listener is removed by hand as well" },
  { original: /^true$/, replacement: /^false$/, word: "equivalent: the listener is removed by hand as well" },
  { original: /\?\./, word: "equivalent: what may be absent there is not, in any state that a test reaches" },
  {
    original: /^record\.opening\.signal\.aborted$|^signal\.aborted$|outer\?\.aborted/,
    word: "redundant: asked again one step later",
  },
  { original: /\.size === 0$/, word: "equivalent but for memory: an empty set is kept" },
  {
    original: /completion\.request === undefined|endedError\(\)/,
    word: "redundant: calls are refused when the end begins",
  },
];

/** The word on a survivor. */
export function wordFor({ original, replacement }: Survivor): string {
  const known = rules.find(
    (rule) => rule.original.test(original) && (rule.replacement === undefined || rule.replacement.test(replacement)),
  );
  return known?.word ?? "a gap";
}
