import type { Rule } from "./survivors.js";

const oneOf = (...names: readonly string[]) => new RegExp(`supervisor/(?:${names.join("|")})\\.ts$`);

/** Why nobody catches these mutants of `src/supervisor`. */
export const supervisorRules: readonly Rule[] = [
  {
    file: /(events|supervisor)\.ts$/,
    original: /hasListener|#listeners\.get\(event\)\?\.size/,
    word: "equivalent but for time: what nobody listens for is made and told to nobody",
  },
  {
    file: /connection-port/,
    original: /^isNews$/,
    replacement: /^true$/,
    word: "as good: a record says once more that it is leaked",
  },
  { file: oneOf("create-supervisor"), word: "shows with processes only: tested by scenarios on real ones" },
  {
    file: oneOf("admission"),
    replacement: /^false$/,
    word: "equivalent but for time: nothing is more than no limit, which is why nothing is counted for it",
  },
  {
    file: oneOf("await-server"),
    original: /^now === undefined/,
    word: "equivalent: a server that is open and asked for once more stays as it is",
  },
  {
    file: oneOf("await-server"),
    original: /^status === /,
    word: "a second line: the machine remembers who asked, so that nobody who waits sees the server closed",
  },
  {
    file: oneOf("await-server"),
    original: /=== "leaked"$/,
    word: "redundant: what the server does says so before its failure is looked at",
  },
  { file: oneOf("lease-handle"), original: /tools$/, word: "equivalent: a runtime knows every server of its session" },
  {
    file: oneOf("session-port"),
    original: /CONNECT_TIMEOUT/,
    word: "equivalent: it is looked up where a failure has no error of its own, and that is a timeout",
  },
  {
    file: oneOf("session-completion"),
    replacement: /^\{\}$/,
    word: "not reached: an end is begun before it is concluded",
  },
  {
    file: oneOf("session-handle"),
    original: /^true$/,
    word: "equivalent: any answer that is not undefined ends the waiting",
  },
  {
    file: oneOf("supervisor"),
    original: /^servers === this\.#servers$/,
    word: "equivalent but for time: what was checked is checked once more",
  },
  {
    file: oneOf("closing-steps", "net", "session-servers"),
    original: / (?:<|>) /,
    word: "equivalent: where both are the same, what follows changes nothing",
  },
  { file: oneOf("server-specs"), original: /^a < b$/, word: "equivalent: any order will do that is always the same" },
  { file: oneOf("server-specs"), original: /=== null$/, word: "equivalent: a checked configuration has no null" },
  {
    file: oneOf("server-specs", "session-leases", "stirring"),
    original: /\+=? 1$/,
    word: "equivalent: any number will do that was not there before",
  },
  {
    file: oneOf("calls", "session-leases", "stirring"),
    original: /delete\(|\.abort\(\)/,
    word: "equivalent but for memory: who waits no more is told in vain",
  },
  {
    file: oneOf("generations"),
    original: /^parent instanceof|^this\.currentOf/,
    word: "equivalent but for memory: what is closed is passed over where it is found",
  },
  {
    file: oneOf("await-server", "session-port", "session-servers", "supervisor"),
    original: /^(?:connection|record|session) === undefined$|^typeof this\.#source/,
    word: "equivalent: it narrows a type; it does not happen where this is asked",
  },
];
