import * as fc from "fast-check";
import { endReasons } from "../../../src/machines/index.js";
import { anyKey, anyServer, hostCommands } from "../host-commands.js";
import { deadlinesMs } from "./graces.js";

const deadlineMs = fc.constantFrom(...deadlinesMs);

const acquire = fc.record({
  do: fc.constant("acquire"),
  key: anyKey,
  oneShot: fc.constantFrom(false, false, false, true),
  idleTimeoutMs: fc.constantFrom(0, 0, 60),
  maxLifetimeMs: fc.constantFrom(0, 0, 250),
});
const hang = fc.record({ do: fc.constant("hang"), key: anyKey, server: anyServer });
const end = fc.record({
  do: fc.constant("end"),
  key: anyKey,
  // Every shutdown ends as `ended`.
  reason: fc.constantFrom(...endReasons, "timedOut", "errored"),
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
  { weight: 6, arbitrary: hang },
  { weight: 5, arbitrary: hostCommands.release },
  { weight: 6, arbitrary: end },
  { weight: 3, arbitrary: hostCommands.reset },
  { weight: 4, arbitrary: hostCommands.retire },
  { weight: 7, arbitrary: hostCommands.sleep },
  { weight: 4, arbitrary: hostCommands.reload },
  { weight: 4, arbitrary: crash },
  { weight: 6, arbitrary: unwrap },
  { weight: 2, arbitrary: shutdown },
  { weight: 5, arbitrary: settle },
  { weight: 5, arbitrary: pass },
);

export type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

const place = fc.record({ key: anyKey, server: anyServer });
type Place = typeof place extends fc.Arbitrary<infer P> ? P : never;
const plain = { do: "acquire", oneShot: false, idleTimeoutMs: 0, maxLifetimeMs: 0 } as const;
const opened = { do: "settle", what: "openings" } as const;

/** An end that comes in the middle of an opening. */
const interrupted = fc
  .tuple(place, pass, fc.oneof(end, end, hostCommands.reset, shutdown))
  .map(([at, moment, last]): Command[] => [{ ...plain, key: at.key }, { do: "open", ...at }, moment, moved(last, at)]);

/** Something that happens to servers that are open. */
const opening = fc
  .tuple(
    place,
    fc.oneof(single(end), single(hang), single(hang), single(hostCommands.call), single(hostCommands.reload)),
  )
  .map(([at, next]) => [...openedAt(at), ...next.map((each) => moved(each, at))]);

/** A kill from outside; where no server is behind a wrapper the first of the two finds nobody. */
const killed = fc.tuple(place, unwrap, crash).map(([at, ...kills]) => [...openedAt(at), ...kills]);

/** A turn of a conversation, which leaves an idle session behind, or one that is asleep or retired. */
const turn = fc
  .tuple(place, hostCommands.retire, fc.constantFrom("idle", "asleep", "asleep", "retired"))
  .map(([at, retire, state]): Command[] => [
    { ...plain, key: at.key },
    { do: "call", ...at },
    opened,
    ...(state === "retired" ? [{ ...retire, key: at.key }] : []),
    { do: "release", key: at.key },
    ...(state === "asleep" ? [{ do: "sleep", key: at.key } as const] : []),
  ]);

const part = fc.oneof(
  { weight: 6, arbitrary: single(command) },
  { weight: 2, arbitrary: interrupted },
  { weight: 2, arbitrary: opening },
  { weight: 3, arbitrary: killed },
  { weight: 3, arbitrary: turn },
);

/** Not biased towards few and small ones: most of what can go wrong takes several. */
export const commands = fc
  .noBias(fc.array(part, { minLength: 1, maxLength: 6, size: "max" }))
  .map((parts) => parts.flat());

function single(arbitrary: fc.Arbitrary<Command>): fc.Arbitrary<Command[]> {
  return arbitrary.map((each) => [each]);
}

function openedAt(at: Place): Command[] {
  return [{ ...plain, key: at.key }, { do: "open", ...at }, opened];
}

function moved(step: Command, at: Place): Command {
  if ("server" in step) return { ...step, ...at };
  return "key" in step ? { ...step, key: at.key } : step;
}
