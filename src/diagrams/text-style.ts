import { type Face, textWidth } from "./text-width.js";

/** The kinds of text in a picture; each is a class of the same name in its style sheet. */
const styles = {
  machine: { face: "bold", size: 19 },
  title: { face: "monoBold", size: 14 },
  note: { face: "sans", size: 12.5 },
  word: { face: "sans", size: 11.5 },
  name: { face: "mono", size: 12 },
  small: { face: "mono", size: 11 },
  event: { face: "monoBold", size: 12 },
  done: { face: "monoBold", size: 12 },
  error: { face: "monoBold", size: 12 },
  time: { face: "monoBold", size: 12 },
  always: { face: "monoBold", size: 12 },
} as const satisfies Readonly<Record<string, { face: Face; size: number }>>;

export type TextStyle = keyof typeof styles;

export const textStyles: Readonly<Record<TextStyle, { readonly face: Face; readonly size: number }>> = styles;

/** A piece of text in one style. */
export interface Span {
  readonly text: string;
  readonly style: TextStyle;
  /** Name of the picture that a click leads to. */
  readonly link?: string | undefined;
}

export function spanWidth({ text, style }: Span): number {
  return textWidth(text, styles[style]);
}
