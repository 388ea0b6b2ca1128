import * as fc from "fast-check";
import { endReasons } from "../../../src/machines/index.js";
import { anyKey, anyServer, hostCommands } from "../host-commands.js";
import { deadlinesMs } from "./graces.js";

const deadlineMs = fc.constantFrom(...deadlinesMs);

const acquire = fc.record({
  do: fc.constant("acquire"),
  key: anyKey,
  oneShot: fc.constantFrom(false, false, false, true),
  idleTimeoutMs: fc.constantFrom(0, 0, 0, 60),
  maxLifetimeMs: fc.constantFrom(0, 0, 0, 250),
});
const hang = fc.record({ do: fc.constant("hang"), key: anyKey, server: anyServer });
const end = fc.record({
  do: fc.constant("end"),
  key: anyKey,
  reason: fc.constantFrom(...endReasons),
  deadlineMs: fc.option(deadlineMs, { nil: undefined, freq: 3 }),
});
/** SIGKILL from outside, to the leader of a tree, or of one that only stands in front of a server. */
const crash = fc.record({ do: fc.constant("crash"), nth: fc.nat(3) });
const unwrap = fc.record({ do: fc.constant("unwrap"), nth: fc.nat(3) });
const shutdown = fc.record({ do: fc.constant("shutdown"), deadlineMs });
/** Until what was asked for has settled. */
const settle = fc.record({ do: fc.constant("settle"), what: fc.constantFrom("openings", "ends") });
/** A moment that nothing decides but chance: some microtasks, and then maybe some of the time that an opening takes. */
const pass = fc.record({
  do: fc.constant("pass"),
  microtasks: fc.nat(5),
  ms: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.integer({ min: 1, max: 200 }) }),
});

/** What a host, other programs and chance can do to a supervisor of real processes; by its weight, how often. */
const command = fc.oneof(
  { weight: 4, arbitrary: acquire },
  { weight: 6, arbitrary: hostCommands.open },
  { weight: 5, arbitrary: hostCommands.call },
  { weight: 3, arbitrary: hang },
  { weight: 5, arbitrary: hostCommands.release },
  { weight: 3, arbitrary: end },
  { weight: 3, arbitrary: hostCommands.reset },
  { weight: 4, arbitrary: hostCommands.retire },
  { weight: 5, arbitrary: hostCommands.sleep },
  { weight: 4, arbitrary: hostCommands.reload },
  { weight: 4, arbitrary: crash },
  { weight: 4, arbitrary: unwrap },
  { weight: 2, arbitrary: shutdown },
  { weight: 5, arbitrary: settle },
  { weight: 5, arbitrary: pass },
);

export type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

const place = fc.record({ key: anyKey, server: anyServer });
const plain = { do: "acquire", oneShot: false, idleTimeoutMs: 0, maxLifetimeMs: 0 } as const;
const opened = { do: "settle", what: "openings" } as const;

/** An end that comes in the middle of an opening. */
const interrupted = fc
  .tuple(place, pass, fc.oneof(end, end, hostCommands.reset, shutdown))
  .map(([at, moment, last]): Command[] => [
    { ...plain, key: at.key },
    { do: "open", ...at },
    moment,
    "key" in last ? { ...last, key: at.key } : last,
  ]);

/** Something that happens to a server that is open. */
const opening = fc
  .tuple(place, fc.oneof(crash, crash, unwrap, unwrap, hang, hostCommands.call, hostCommands.reload))
  .map(([at, next]): Command[] => [
    { ...plain, key: at.key },
    { do: "open", ...at },
    opened,
    "server" in next ? { ...next, ...at } : next,
  ]);

/** A turn of a conversation, which leaves an idle session behind, and maybe one that is put to sleep. */
const turn = fc
  .tuple(place, fc.boolean())
  .map(([at, sleeps]): Command[] => [
    { ...plain, key: at.key },
    { do: "call", ...at },
    opened,
    { do: "release", key: at.key },
    ...(sleeps ? [{ do: "sleep", key: at.key } as const] : []),
  ]);

const part = fc.oneof(
  { weight: 6, arbitrary: command.map((each) => [each]) },
  { weight: 2, arbitrary: interrupted },
  { weight: 3, arbitrary: opening },
  { weight: 2, arbitrary: turn },
);

/** Not biased towards few and small ones: most of what can go wrong takes several. */
export const commands = fc
  .noBias(fc.array(part, { minLength: 1, maxLength: 6, size: "max" }))
  .map((parts) => parts.flat());
