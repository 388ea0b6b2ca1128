/** Where a text stops being JSON. The engine's own message quotes the text around it, and that may be a secret. */
export interface JsonFault {
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
  readonly problem: string;
}

/** Finds what makes a text no JSON, or an object in it ambiguous: of a field given twice, one would be dropped silently. */
export function findJsonFault(text: string): JsonFault | undefined {
  try {
    const end = skipSpace(text, value(text, skipSpace(text, 0), 0));
    return end === text.length ? undefined : faultAt(text, end, "something follows the end");
  } catch (error) {
    if (error instanceof Fault) return faultAt(text, error.offset, error.message);
    throw error;
  }
}

class Fault extends Error {
  readonly offset: number;

  constructor(offset: number, problem: string) {
    super(problem);
    this.offset = offset;
  }
}

// Each of these takes the offset where its part begins and gives the offset where it ends.

function value(text: string, at: number, depth: number): number {
  if (depth > 100) throw new Fault(at, "nested too deep");
  if (text[at] === "{") return members(text, at, depth);
  if (text[at] === "[") return items(text, at, depth);
  if (text[at] === '"') return string(text, at);
  return scalar(text, at);
}

function members(text: string, start: number, depth: number): number {
  const names = new Set<string>();
  let at = skipSpace(text, start + 1);
  if (text[at] === "}") return at + 1;
  for (;;) {
    if (text[at] !== '"') throw new Fault(at, `expected a field's name in double quotes${found(text, at)}`);
    const end = string(text, at);
    const name = String(JSON.parse(text.slice(at, end)));
    if (names.has(name)) throw new Fault(at, `the field ${JSON.stringify(name)} is given twice`);
    names.add(name);
    at = skipSpace(text, end);
    if (text[at] !== ":") throw new Fault(at, `expected :${found(text, at)}`);
    at = skipSpace(text, value(text, skipSpace(text, at + 1), depth + 1));
    if (text[at] === "}") return at + 1;
    if (text[at] !== ",") throw new Fault(at, `expected , or }${found(text, at)}`);
    at = skipSpace(text, at + 1);
  }
}

function items(text: string, start: number, depth: number): number {
  let at = skipSpace(text, start + 1);
  if (text[at] === "]") return at + 1;
  for (;;) {
    at = skipSpace(text, value(text, at, depth + 1));
    if (text[at] === "]") return at + 1;
    if (text[at] !== ",") throw new Fault(at, `expected , or ]${found(text, at)}`);
    at = skipSpace(text, at + 1);
  }
}

function string(text: string, start: number): number {
  for (let at = start + 1; ;) {
    const letter = text[at];
    if (letter === '"') return at + 1;
    if (letter === undefined || letter < " ")
      throw new Fault(at, "the text in double quotes is not closed on its line");
    at += letter === "\\" ? escapeLength(text, at) : 1;
  }
}

function escapeLength(text: string, at: number): number {
  if (/^[0-9a-fA-F]{4}$/.test(text.slice(at + 2, at + 6)) && text[at + 1] === "u") return 6;
  if (!/^["\\/bfnrt]$/.test(text.charAt(at + 1))) throw new Fault(at, "not an escape sequence");
  return 2;
}

function scalar(text: string, start: number): number {
  const pattern = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
  pattern.lastIndex = start;
  if (pattern.exec(text) === null) throw new Fault(start, `expected a value${found(text, start)}`);
  return pattern.lastIndex;
}

function skipSpace(text: string, start: number): number {
  const pattern = /[ \t\n\r]*/y;
  pattern.lastIndex = start;
  pattern.exec(text);
  return pattern.lastIndex;
}

/** Only punctuation is quoted: a letter may be the beginning of a secret. */
function found(text: string, at: number): string {
  const letter = text[at];
  if (letter === undefined) return ", found the end of the file";
  return /[{}[\]:,"'/]/.test(letter) ? `, found ${letter}` : "";
}

function faultAt(text: string, offset: number, problem: string): JsonFault {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1, problem };
}
