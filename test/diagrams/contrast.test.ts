import { describe, expect, it } from "vitest";
import { dark, light, type Palette } from "../../src/diagrams/svg-style.js";

const cards = ["card", "terminalCard", "disposeCard", "leakedCard", "finalCard"] as const;
const backgrounds = ["page", "group", ...cards] as const;
const texts = ["ink", "soft", "event", "done", "error", "time", "always"] as const;
const lines = ["edge", "event", "done", "error", "time", "always"] as const;

describe.each(Object.entries<Palette>({ light, dark }))("the %s colours", (_name, palette) => {
  it("should give every text a contrast of 4.5 to 1 to what it may stand on (WCAG AA)", () => {
    expect(pairs(palette, texts, backgrounds).filter(({ contrast }) => contrast < 4.5)).toEqual([]);
  });

  it("should give every edge and frame a contrast of 3 to 1 to what it may be on", () => {
    const faint = [
      ...pairs(palette, lines, ["page", "group", "card", "terminalCard"]),
      ...pairs(palette, ["line"], ["page", "group"]),
    ];
    expect(faint.filter(({ contrast }) => contrast < 3)).toEqual([]);
  });
});

function pairs(palette: Palette, fronts: readonly (keyof Palette)[], backs: readonly (keyof Palette)[]) {
  return fronts.flatMap((front) =>
    backs.map((back) => ({ front, back, contrast: contrastOf(palette[front], palette[back]) })),
  );
}

/** By the formula of WCAG 2. */
function contrastOf(a: string, b: string): number {
  const [bright = 0, dim = 0] = [luminanceOf(a), luminanceOf(b)].toSorted((x, y) => y - x);
  return (bright + 0.05) / (dim + 0.05);
}

function luminanceOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
