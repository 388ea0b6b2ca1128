import { type Span, spanWidth } from "./text-style.js";

/** Breaks at spaces; a word wider than a line is broken where it must be. */
export function linesOf(spans: readonly Span[], maxWidth: number): Span[][] {
  const words = spans.flatMap(({ text, ...span }) =>
    (text.replaceAll(/\s+/g, " ").match(/\S+ ?| /g) ?? []).flatMap((word) => broken({ ...span, text: word }, maxWidth)),
  );
  const lines: Span[][] = [];
  let line: Span[] = [];
  let used = 0;
  for (const word of words) {
    const bare = spanWidth({ ...word, text: word.text.trimEnd() });
    if (line.length > 0 && used + bare > maxWidth) {
      lines.push(joined(line));
      line = [];
      used = 0;
    }
    line.push(word);
    used += spanWidth(word);
  }
  if (line.length > 0) lines.push(joined(line));
  return lines;
}

function broken(word: Span, maxWidth: number): Span[] {
  const characters = Array.from(word.text);
  const upTo = (end: number): Span => ({ ...word, text: characters.slice(0, end).join("") });
  if (characters.length < 2 || spanWidth({ ...word, text: word.text.trimEnd() }) <= maxWidth) return [word];
  let fits = 1;
  while (spanWidth(upTo(fits + 1)) <= maxWidth) fits += 1;
  return [upTo(fits), ...broken({ ...word, text: characters.slice(fits).join("") }, maxWidth)];
}

/** Neighbours of one style are one text. */
function joined(words: readonly Span[]): Span[] {
  const spans: Span[] = [];
  for (const word of words) {
    const last = spans.at(-1);
    if (last?.style === word.style && last.link === word.link)
      spans[spans.length - 1] = { ...last, text: last.text + word.text };
    else spans.push(word);
  }
  return spans;
}
