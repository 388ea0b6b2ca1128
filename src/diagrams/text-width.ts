/**
 * Text is measured by this table and not by the fonts of a machine, so that a picture has the same bytes everywhere. The widths are
 * those of Arial and of what has its metrics (Helvetica, Liberation Sans), in thousandths of the size, from the space to the tilde.
 * Each text is drawn with the length it was measured at, whatever font it is drawn in.
 */
const regular = decode(
  "278,278,355,556,556,889,667,191,333,333,389,584,278,333,278,278,556,556,556,556,556,556,556,556,556,556,278,278,584,584,584,556," +
    "1015,667,667,722,722,667,611,778,722,278,500,667,556,833,722,778,667,778,722,667,611,722,667,944,667,667,611,278,278,278,469,556," +
    "333,556,556,500,556,556,278,556,556,222,222,500,222,833,556,556,556,556,333,500,278,556,500,722,500,500,500,334,260,334,584",
);
const bold = decode(
  "278,333,474,556,556,889,722,238,333,333,389,584,278,333,278,278,556,556,556,556,556,556,556,556,556,556,333,333,584,584,584,611," +
    "975,722,722,722,722,667,611,778,722,278,556,722,611,833,722,778,667,778,722,667,611,722,667,944,667,667,611,333,278,333,584,556," +
    "333,556,611,556,611,556,333,611,611,278,278,556,278,889,611,611,611,611,389,556,333,611,556,778,556,556,500,389,280,389,584",
);

const firstGlyph = 32;
/** Of letters that are in no table: about what those of Latin, Greek, Cyrillic, Hebrew and Arabic have. */
const otherGlyph = 600;
/** Of what comes after those scripts, an em: what is wide has just that. */
const wideGlyph = 1_000;
const firstWide = 0x2e80;
/** The widest of the fixed-width fonts that systems have. */
const monoGlyph = 602;

export type Face = "sans" | "bold" | "mono" | "monoBold";

/** Width of a text in pixels, to a tenth. */
export function textWidth(text: string, { face, size }: { face: Face; size: number }): number {
  let thousandths = 0;
  for (const character of text) thousandths += glyphWidth(character, face);
  return Math.round((thousandths * size) / 100) / 10;
}

function glyphWidth(character: string, face: Face): number {
  const code = character.codePointAt(0) ?? 0;
  if (face === "mono" || face === "monoBold") return code < firstWide ? monoGlyph : wideGlyph * 1.25;
  return (face === "bold" ? bold : regular)[code - firstGlyph] ?? (code < firstWide ? otherGlyph : wideGlyph);
}

function decode(widths: string): readonly number[] {
  return widths.split(",").map(Number);
}
