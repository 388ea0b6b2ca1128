/** `3 min`, for people. */
export function ageText(ageMs: number | undefined): string {
  if (ageMs === undefined) return "?";
  const [unit, ms] = units.find(([, size]) => ageMs >= size) ?? ["s", 1_000];
  return `${Math.floor(ageMs / ms)} ${unit}`;
}

/** `12.3 MB`, for people. */
export function memoryText(bytes: number | undefined): string {
  return bytes === undefined ? "?" : `${(bytes / 1e6).toFixed(1)} MB`;
}

const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const;
