/** A fenced block of a Markdown text. */
export interface CodeBlock {
  /** Line of its first line of code, counted from 1. */
  readonly line: number;
  readonly code: string;
}

/** The fenced blocks whose language is `language`, in order. */
export function codeBlocks(markdown: string, language: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  const lines = markdown.split(/\r?\n/);
  for (let at = 0; at < lines.length; at += 1) {
    const [, fence, info] = /^(`{3,})(.*)$/.exec(lines[at] ?? "") ?? [];
    if (fence === undefined) continue;
    const end = lines.indexOf(fence, at + 1);
    if (end === -1) throw new Error(`the code block of line ${at + 1} is never closed`);
    if (info?.trim().split(/\s+/)[0] === language)
      blocks.push({ line: at + 2, code: lines.slice(at + 1, end).join("\n") });
    at = end;
  }
  return blocks;
}
