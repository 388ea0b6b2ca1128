import type * as z from "zod";
import { ConfigError } from "../errors/index.js";
import { didYouMean } from "./did-you-mean.js";

/** One thing that is wrong with a configuration, and where. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly text: string;
}

/** Throws one `ConfigError` for all problems, if there are any: `field` is the first one's path, the message lists each. */
export function throwProblems(problems: readonly Problem[]): void {
  const [first, ...others] = problems;
  if (first === undefined) return;
  const more = others.map(({ path, text }) => `\n${fieldPath(path)}: ${text}`);
  throw new ConfigError(fieldPath(first.path), first.text + more.join(""));
}

/** A path as people write it: `mcpServers.files.args[1]`, `mcpServers["my files"].url`. Its root may be a path itself. */
export function fieldPath([root, ...path]: readonly PropertyKey[]): string {
  return String(root) + path.map(segment).join("");
}

/** Zod's issues as problems below `path`, misspelt fields first. No text ever holds a value: it may be a secret. */
export function problemsOf(issues: readonly z.core.$ZodIssue[], path: readonly PropertyKey[]): Problem[] {
  const unknownFirst = issues.toSorted((a, b) => Number(isUnknown(b)) - Number(isUnknown(a)));
  return unknownFirst.flatMap((issue) => problemsIn(issue, [...path, ...issue.path]));
}

function problemsIn(issue: z.core.$ZodIssue, path: readonly PropertyKey[]): Problem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: [...path, key], text: unknownField(key, issue.message) }));
  }
  if (issue.code === "invalid_key") return [{ path, text: issue.issues[0]?.message ?? issue.message }];
  // Of our unions the last branch is the one that can be wrong in detail.
  const branch = issue.code === "invalid_union" ? issue.errors.at(-1) : undefined;
  if (branch !== undefined) return problemsOf(branch, path);
  const missing = issue.code === "invalid_type" && issue.message.endsWith("received undefined");
  return [{ path, text: missing ? "is missing" : issue.message.replace("Invalid input: expected", "expected") }];
}

function isUnknown(issue: z.core.$ZodIssue): boolean {
  return issue.code === "unrecognized_keys";
}

/** `strict` of the schemas puts the list of known fields where zod has its message. */
function unknownField(field: string, known: string): string {
  return `unknown field; known are ${known}${didYouMean(field, known.split(", "))}`;
}

function segment(key: PropertyKey): string {
  if (typeof key === "number") return `[${key}]`;
  const name = String(key);
  return /^[\w$-]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
