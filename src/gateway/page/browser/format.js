/** `1.32 s`, `4 min 10 s`, `2 h 5 min`, `3 d 4 h` */
export function duration(ms) {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86400)} d ${Math.floor((seconds % 86400) / 3600)} h`;
}

/** For an age that is shown again and again: no digits that only flicker. */
export function age(ms) {
  return ms < 1000 ? "now" : ms < 10000 ? `${Math.floor(ms / 1000)} s` : duration(ms);
}

/** What kind of state it is, for its colour. */
export function tone(state) {
  if (state === "leaked" || state === "failed" || state.endsWith(".leaked")) return "leaked";
  if (state === "closed" || state.endsWith(".proven")) return "closed";
  if (state === "busy" || state.endsWith(".busy") || state === "open") return "busy";
  if (state.startsWith("active.") || state === "idle") return "calm";
  return "ending";
}

export function plural(count, word) {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
