import type { Problem } from "./problem.js";

/** Environment variables by name; `process.env` is one. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A value in which the variables stand for what they hold. */
export interface Expansion {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Whatever came out of the environment: never to be printed. */
  readonly secrets: readonly string[];
}

/**
 * Replaces `${NAME}`, `${NAME:-default}` and the editors' `${env:NAME}` in every text of `value`, keys excepted; `$${` stands for `${`. As in a
 * shell, the default also takes the place of an empty variable. No problem holds the value or the default of a variable.
 */
export function expandVariables(value: unknown, path: readonly PropertyKey[], environment: Environment): Expansion {
  const problems: Problem[] = [];
  const secrets: string[] = [];

  function expanded(part: unknown, at: readonly PropertyKey[]): unknown {
    if (typeof part === "string") return part.replaceAll(reference, (whole, inner?: string) => text(whole, inner, at));
    if (Array.isArray(part)) return part.map((item, index) => expanded(item, [...at, index]));
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, field]) => [name, expanded(field, [...at, name])]));
  }

  function text(whole: string, inner: string | undefined, at: readonly PropertyKey[]): string {
    if (whole === "$${") return "${";
    const [, name, fallback] = variable.exec(inner ?? "") ?? [];
    if (name === undefined) {
      problems.push({ path: at, text: malformed(inner) });
      return "";
    }
    const found = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (fallback !== undefined && !found) return fallback;
    if (found === undefined) problems.push({ path: at, text: unset(name) });
    else if (found !== "") secrets.push(found);
    return found ?? "";
  }

  return { value: expanded(value, path), problems, secrets };
}

const reference = /\$\$\{|\$\{(?:([^}]*)\})?/g;
const variable = /^(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

function unset(name: string): string {
  return `the environment variable ${name} is not set; set it, or give a default: \${${name}:-…}`;
}

function malformed(inner: string | undefined): string {
  if (inner === undefined) return "${ is never closed; for the text itself write $${";
  const isInput = /^\s*(?:input|command|config):/.test(inner);
  if (isInput) return "an editor asks for its inputs, nobody is asked here; use an environment variable: ${NAME}";
  return "what stands in ${…} is no variable; write ${NAME} or ${NAME:-default}, or for the text itself $${";
}
