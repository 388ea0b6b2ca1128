/**
 * Colours of a picture, light and dark. Every pair of text and background has a contrast of at least 4.5 to 1, every line one of at least 3 to 1
 * to what it is on; a test computes them.
 */
export interface Palette {
  readonly page: string;
  readonly group: string;
  readonly card: string;
  readonly line: string;
  readonly edge: string;
  readonly ink: string;
  readonly soft: string;
  readonly event: string;
  readonly done: string;
  readonly error: string;
  readonly time: string;
  readonly always: string;
  /** Backgrounds of what stands out. */
  readonly terminalCard: string;
  readonly disposeCard: string;
  readonly leakedCard: string;
  readonly finalCard: string;
}

export const light: Palette = {
  page: "#f6f8fa",
  group: "#eef2f6",
  card: "#ffffff",
  line: "#7d8a99",
  edge: "#57677a",
  ink: "#17202b",
  soft: "#4a5868",
  event: "#1756b8",
  done: "#116b35",
  error: "#b3202c",
  time: "#8a4b00",
  always: "#4a5868",
  terminalCard: "#efeafc",
  disposeCard: "#e3f0fd",
  leakedCard: "#fdeaea",
  finalCard: "#e5f5ea",
};

export const dark: Palette = {
  page: "#0d1219",
  group: "#141b25",
  card: "#1c2633",
  line: "#6d7d90",
  edge: "#93a3b5",
  ink: "#eaf0f6",
  soft: "#b3c0ce",
  event: "#86b9ff",
  done: "#71d597",
  error: "#ff9a9a",
  time: "#f2b75f",
  always: "#b3c0ce",
  terminalCard: "#2a2345",
  disposeCard: "#15304d",
  leakedCard: "#451c21",
  finalCard: "#14382a",
};

const sans = `Arial,"Helvetica Neue",Helvetica,"Liberation Sans",system-ui,sans-serif`;
const mono = `ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace`;

/** The style sheet of a picture; everything in it is within `.statechart`, so that pictures can stand in a page together. */
export function styleSheet(): string {
  return [
    `.statechart{${variables(light)}}`,
    `@media (prefers-color-scheme:dark){.statechart{${variables(dark)}}}`,
    ...Object.entries(sheet).map(([selector, declarations]) => `${scoped(selector)}{${declarations}}`),
  ].join("\n");
}

const kinds = ["event", "done", "error", "time", "always"] as const;

const sheet: Readonly<Record<string, string>> = {
  ".page": "fill:var(--sc-page)",
  text: `fill:var(--sc-ink);font-family:${sans}`,
  ".machine": "font-size:19px;font-weight:700",
  ".title": `font:700 14px ${mono}`,
  ".note": "font-size:12.5px;fill:var(--sc-soft)",
  ".word": "font-size:11.5px;fill:var(--sc-soft)",
  ".name": `font:12px ${mono}`,
  ".small": `font:11px ${mono};fill:var(--sc-soft)`,
  ".event,.done,.error,.time,.always": `font:700 12px ${mono}`,
  ...Object.fromEntries(kinds.map((kind) => [`.${kind}`, `fill:var(--sc-${kind})`])),
  "[class^=icon]": "fill:none;stroke:var(--sc-soft);stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round",
  ...Object.fromEntries(kinds.map((kind) => [`.icon-${kind}`, `stroke:var(--sc-${kind})`])),
  ".icon-invoke": "stroke:var(--sc-event);fill:var(--sc-event)",
  ".rule": "stroke:var(--sc-line);stroke-opacity:.45;fill:none",
  ".line": "fill:none;stroke:var(--sc-edge);stroke-width:1.5",
  ".head": "fill:var(--sc-edge)",
  ...Object.fromEntries(
    kinds.flatMap((kind) => [
      [`.edge-${kind} .line`, `stroke:var(--sc-${kind})`],
      [`.edge-${kind} .head`, `fill:var(--sc-${kind})`],
    ]),
  ),
  ".edge-time .line": "stroke:var(--sc-time);stroke-dasharray:5 4",
  ".label>rect": "fill:var(--sc-card);stroke:var(--sc-edge);stroke-width:1",
  ...Object.fromEntries(kinds.map((kind) => [`.label-${kind}>rect`, `stroke:var(--sc-${kind})`])),
  ".label-time>rect": "stroke:var(--sc-time);stroke-dasharray:5 4",
  ".card>.box": "fill:var(--sc-card);stroke:var(--sc-line);stroke-width:1.25",
  ".group>.box": "fill:var(--sc-group);stroke:var(--sc-line);stroke-width:1.25",
  ".outside>.box": "fill:var(--sc-page);stroke:var(--sc-line);stroke-width:1.25;stroke-dasharray:2 3",
  ".parallel>.box": "stroke-dasharray:9 5",
  ".terminal>.box": "fill:var(--sc-terminalCard);stroke:var(--sc-ink);stroke-width:2",
  ".dispose>.box": "fill:var(--sc-disposeCard);stroke:var(--sc-event);stroke-width:2.5",
  ".leaked>.box": "fill:var(--sc-leakedCard);stroke:var(--sc-error);stroke-width:2.5",
  ".final>.box": "fill:var(--sc-finalCard);stroke:var(--sc-done);stroke-width:1.5",
  ".outside.terminal>.box,.outside.leaked>.box,.outside.final>.box": "stroke-dasharray:2 3",
  ".chip": "fill:var(--sc-page);stroke:var(--sc-line)",
  ".chip-dispose": "fill:var(--sc-disposeCard);stroke:var(--sc-event)",
  ".chip-leaked": "fill:var(--sc-leakedCard);stroke:var(--sc-error)",
  ".chip-final": "fill:var(--sc-finalCard);stroke:var(--sc-done)",
  "a>text": "text-decoration:underline",
  ".heading": "font-size:15px;font-weight:700",
  ".actor": `font:700 13px ${mono}`,
  ".said": `font:12px ${mono}`,
  ".lifeline": "stroke:var(--sc-line);stroke-dasharray:3 4;fill:none",
  ".here>.box,.here.chip": "stroke:var(--sc-event);stroke-width:3.5",
  ".choice>path": "fill:var(--sc-card);stroke:var(--sc-edge);stroke-width:1.5",
  ".anchor>.box": "fill:none;stroke:var(--sc-line);stroke-dasharray:2 3",
  ".initial": "fill:var(--sc-ink)",
  ".history>circle": "fill:var(--sc-card);stroke:var(--sc-line);stroke-width:1.5",
};

function scoped(selector: string): string {
  return selector
    .split(",")
    .map((each) => `.statechart ${each}`)
    .join(",");
}

function variables(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, value]) => `--sc-${name}:${value}`)
    .join(";");
}
