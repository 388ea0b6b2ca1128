import type { StateModel } from "./machine-model.js";

export type Look = "final" | "leaked" | "dispose" | "terminal" | "parallel";

/** What makes a state stand out, the most important first. */
export function looksOf({ type, tags, invokes, parent }: StateModel): Look[] {
  return [
    ...(type === "final" ? (["final"] as const) : []),
    ...(tags.includes("leaked") ? (["leaked"] as const) : []),
    ...(invokes.some(({ src }) => src === "dispose") ? (["dispose"] as const) : []),
    ...(tags.includes("terminal") && parent !== undefined ? (["terminal"] as const) : []),
    ...(type === "parallel" ? (["parallel"] as const) : []),
  ];
}
