import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";

/** Where something stands in a text; both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where a text stops being JSON. It quotes nothing but punctuation: what stands there may be a secret. */
export interface JsonFault extends Place {
  readonly problem: string;
}

/** A text that is JSON with comments and trailing commas. */
export interface JsonDocument {
  /** Plain data, as `JSON.parse` gives it. */
  readonly value: unknown;
  /** Where the field of that path stands, or the nearest thing around it that does. */
  placeOf(path: readonly PropertyKey[]): Place;
}

/** Reads JSON with comments and trailing commas; of an object in which a field is given twice, one would be dropped silently. */
export function readJson(text: string): JsonDocument | JsonFault {
  const tooDeep = offsetTooDeep(text);
  if (tooDeep !== undefined) return { ...placeAt(text, tooDeep), problem: "nested too deep" };
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  // One mistake has others in its wake.
  if (first !== undefined) return { ...placeAt(text, first.offset), problem: problemOf(text, first) };
  const twice = root && fieldGivenTwice(root);
  if (twice)
    return { ...placeAt(text, twice.offset), problem: `the field ${JSON.stringify(twice.value)} is given twice` };
  return { value: root && valueOf(root), placeOf: (path) => placeAt(text, root ? offsetOf(root, path) : 0) };
}

const deepest = 100;

/** The parser calls itself for each level; a text must not be able to exhaust the stack. */
function offsetTooDeep(text: string): number | undefined {
  const scanner = createScanner(text, true);
  let depth = 0;
  while (scanner.getPosition() < text.length) {
    scanner.scan();
    const letter = scanner.getTokenLength() === 1 ? text[scanner.getTokenOffset()] : undefined;
    if (letter === "{" || letter === "[") depth += 1;
    if (letter === "}" || letter === "]") depth -= 1;
    if (depth > deepest + 1) return scanner.getTokenOffset();
  }
  return undefined;
}

const problems: Readonly<Record<string, string>> = {
  InvalidNumberFormat: "not a number",
  PropertyNameExpected: "expected a field's name in double quotes",
  ValueExpected: "expected a value",
  ColonExpected: "expected :",
  CommaExpected: "expected ,",
  CloseBraceExpected: "expected }",
  CloseBracketExpected: "expected ]",
  EndOfFileExpected: "something follows the end",
  InvalidCommentToken: "not a comment",
  UnexpectedEndOfComment: "the comment is not closed",
  UnexpectedEndOfString: "the text in double quotes is not closed on its line",
  UnexpectedEndOfNumber: "the number is not finished",
  InvalidUnicode: "the text has an escape sequence that is none",
  InvalidEscapeCharacter: "the text has an escape sequence that is none",
  InvalidCharacter: "the text has a control character; write it as \\t, \\n or \\u00…",
};
const symbol = "neither a value nor a name in double quotes";

function problemOf(text: string, { error, offset }: ParseError): string {
  const problem = problems[printParseErrorCode(error)] ?? symbol;
  const letter = text[offset];
  if (letter === undefined) return `${problem}, found the end of the file`;
  return /[{}[\]:,']/.test(letter) ? `${problem}, found ${letter}` : problem;
}

/** The node of the second field of one name. */
function fieldGivenTwice(node: Node): Node | undefined {
  const names = new Set<unknown>();
  for (const child of node.children ?? []) {
    const name = child.type === "property" ? child.children?.[0] : undefined;
    if (name && names.has(name.value)) return name;
    names.add(name?.value);
    const within = fieldGivenTwice(child);
    if (within) return within;
  }
  return undefined;
}

function valueOf(node: Node): unknown {
  if (node.type === "array") return (node.children ?? []).map(valueOf);
  if (node.type !== "object") return node.value as unknown;
  // Not by assignment, to which a field called __proto__ is none.
  return Object.fromEntries(
    (node.children ?? []).flatMap(({ children: [name, value] = [] }) =>
      name && value ? [[String(name.value), valueOf(value)]] : [],
    ),
  );
}

function offsetOf(root: Node, path: readonly PropertyKey[]): number {
  let { offset } = root;
  let node: Node | undefined = root;
  for (const key of path) {
    const found: Node | undefined = node?.children?.find((child, index) =>
      child.type === "property" ? child.children?.[0]?.value === key : index === key,
    );
    if (found === undefined) return offset;
    ({ offset } = found);
    node = found.type === "property" ? found.children?.[1] : found;
  }
  return offset;
}

function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}
