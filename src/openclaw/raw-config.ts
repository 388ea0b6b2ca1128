import { isRecord } from "../config/record.js";

/** An object of a configuration that nobody has checked. */
export type Fields = Readonly<Record<string, unknown>>;

/** A text that is not blank. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

/** The texts of a list; what is none is left out. */
export function stringsOf(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : undefined;
}

export function positiveNumber(value: unknown): number | undefined {
  return typeof value === "number" && value > 0 && value < 2 ** 31 ? value : undefined;
}

/** Texts by name, numbers and booleans being written as text; anything else, and what is `dropped`, is left out. */
export function mapOf(
  value: unknown,
  dropped: (name: string) => boolean = () => false,
): Record<string, string> | undefined {
  if (!isRecord(value)) return undefined;
  const entries = Object.entries(value).flatMap(([name, field]) => {
    const isPlain = typeof field === "string" || typeof field === "number" || typeof field === "boolean";
    return isPlain && !dropped(name) ? [[name, String(field)] as const] : [];
  });
  return Object.fromEntries(entries);
}
