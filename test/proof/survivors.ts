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
    original: /^event\.type !== "[A-Z_.]+"( && event\.type !== "[A-Z_.]+")+$/,
    replacement: /^false$/,
    word: "equivalent: it narrows a type; the machine names the action for those events only",
  },
  {
    file: /(session|connection)-setup\.ts$/,
    original: /^context\.budget === undefined$/,
    replacement: /^false$/,
    word: "equivalent: timers that are not armed are disarmed",
  },
  {
    file: /connection-setup\.ts$/,
    original: /\|\| context\.budget === undefined$/,
    word: "equivalent: the action before it has made the budget",
  },
  {
    file: /(session|runtime)-setup\.ts$/,
    original: /output === undefined$/,
    word: "equivalent: it narrows a type; a machine that is done has an output",
  },
  {
    file: /runtime-(plan|setup|changes)\.ts$/,
    original: /^(record !== undefined|spec === undefined|server === undefined)$/,
    word: "equivalent: it narrows a type; who is asked for there is there, or is passed over",
  },
  {
    file: /runtime-setup\.ts$/,
    original: /^false$/,
    replacement: /^true$/,
    word: "equivalent: of a connection that opens it is not read; a leak sets it",
  },
  {
    file: /runtime-setup\.ts$/,
    original: /^context\.parent === undefined$/,
    word: "equivalent: what is told to nobody, XState tells the machine itself, and it has no ear for it",
  },
  {
    file: /session-setup\.ts$/,
    original: /^context\.current !== undefined$/,
    replacement: /^false$/,
    word: "a second line: who answers is among the runtimes that are not leaked",
  },
  {
    file: /session-setup\.ts$/,
    original: /^\[\]$/,
    word: "equivalent: names of servers that there are none of are passed over",
  },
  {
    file: /session-setup\.ts$/,
    original: /^context\.end$/,
    replacement: /^true$/,
    word: "equivalent: it narrows a type; a terminal state is entered with an end",
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
