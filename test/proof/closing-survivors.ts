import type { Rule } from "./survivors.js";

/** Of the closing parts of transports and processes. */
export const closingRules: readonly Rule[] = [
  {
    file: /client-life/,
    original: /^state === "ended"$/,
    word: "equivalent but for time: what is ended is ended once more",
  },
  { file: /in-memory-handle/, original: /^!ended$/, word: "redundant: who has ended hears of no loss" },
  {
    file: /stdio-handle/,
    original: /record\.leaked\(\)/,
    word: "shows on disk only: tested by the scenario of LP-37",
  },
  {
    file: /src\/(transports|processes)\//,
    original: /^born$|(cookie|group) !== undefined|entry\[1\] !== undefined/,
    word: "equivalent: it narrows a type",
  },
  { file: /census\.ts/, original: /^listing <= listingsAtMost$/, word: "as good: gives up one listing earlier" },
  {
    file: /census-queue/,
    original: /^waiting\.length === 1$/,
    word: "equivalent: who is woken once more finds nobody waiting",
  },
  {
    file: /end-tree/,
    original: /^\{ survivors: \[\], unreaped|^\[\]$/,
    word: "equivalent: a look comes before it is read",
  },
  { file: /kill-sync/, original: /cgroup\?\.remove/, word: "equivalent: what is thrown there is contained" },
  { file: /client-life/, original: /^false$/, word: "equivalent: set anew before the tools are listed" },
  { file: /src\/transports\//, original: /^\{ err: /, word: "what a log line says beside its text" },
  {
    file: /sse-handle/,
    original: /^exchange\.listens$/,
    word: "equivalent: the SDK reads no other stream of this kind of server to its end",
  },
  {
    file: /-handle/,
    original: /^\(\) => sdk\?\.close\(\)$/,
    word: "redundant: all it would send goes through our fetch, which is closed",
  },
  {
    file: /stdio-handle/,
    original: /^wire\.onmessage\?\./,
    word: "what may be absent there is not: it is set before the server is started",
  },
  { file: /stdio-handle/, original: /^\(\) => Promise\.resolve\(\)$/, word: "equivalent: nobody waits for it" },
];
