import * as fc from "fast-check";
import { endReasons } from "../../src/machines/index.js";
import { anyKey, anyServer, hostCommands } from "./host-commands.js";

const deadlineMs = fc.integer({ min: 0, max: 9_000 });

/** In the middle of whatever the last command set going; strangers may get the pids that are free then. */
const kill = fc.record({ do: fc.constant("kill"), afterMicrotasks: fc.nat(30), squat: fc.boolean() });
const start = fc.record({ do: fc.constant("start"), samePid: fc.boolean() });

/** What a host, the world and time can do to a supervisor; by its weight, how often. */
const command = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("acquire"),
      key: anyKey,
      oneShot: fc.constantFrom(false, false, false, true),
      idleTimeoutMs: fc.constantFrom(0, 0, 5_000),
      maxLifetimeMs: fc.constantFrom(0, 0, 20_000),
    }),
  },
  { weight: 8, arbitrary: hostCommands.open },
  { weight: 8, arbitrary: hostCommands.call },
  { weight: 8, arbitrary: hostCommands.release },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("catalog"), key: anyKey }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("run"),
      key: anyKey,
      server: anyServer,
      oneShot: fc.constantFrom(false, false, true),
      fails: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("end"),
      key: anyKey,
      reason: fc.constantFrom(...endReasons),
      deadlineMs: fc.option(deadlineMs, { nil: undefined }),
    }),
  },
  { weight: 16, arbitrary: hostCommands.sleep },
  { weight: 2, arbitrary: hostCommands.retire },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("rebind"), key: anyKey }) },
  { weight: 2, arbitrary: hostCommands.reset },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("child"), key: anyKey, server: anyServer }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("adopt"), key: anyKey }) },
  { weight: 20, arbitrary: fc.record({ do: fc.constant("forget"), nth: fc.nat(3) }) },
  { weight: 4, arbitrary: hostCommands.reload },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("crash"), nth: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("shutdown"), deadlineMs }) },
  { weight: 1, arbitrary: kill },
  { weight: 1, arbitrary: start },
  {
    weight: 18,
    arbitrary: fc.record({
      do: fc.constant("wait"),
      // 0: whatever needs no time happens between two commands, rather than after both.
      ms: fc.oneof(
        { weight: 2, arbitrary: fc.constant(0) },
        { weight: 2, arbitrary: fc.integer({ min: 1, max: 3_000 }) },
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 60_000 }) },
      ),
    }),
  },
);

export type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

type Key = typeof anyKey extends fc.Arbitrary<infer K> ? K : never;

/** What a turn holds its lease for. */
const use = fc.constantFrom("call", "call", "open", "catalog");

function wait(ms: number): Command {
  return { do: "wait", ms };
}

function acquire(key: Key): Command {
  return { do: "acquire", key, oneShot: false, idleTimeoutMs: 0, maxLifetimeMs: 0 };
}

/** One turn of a conversation, which leaves an idle session behind; its call may still be in flight. */
const turn = fc
  .record({ key: anyKey, server: anyServer, use })
  .map(({ key, server, use: what }): Command[] => [
    acquire(key),
    what === "catalog" ? { do: what, key } : { do: what, key, server },
    wait(0),
    { do: "release", key },
  ]);

/** A turn whose session falls asleep, and wakes while what it had is still closing, as often as not. */
const nap = fc
  .record({ key: anyKey, server: anyServer, sleptMs: fc.constantFrom(0, 2_500, 12_000) })
  .map(({ key, server, sleptMs }): Command[] => [
    acquire(key),
    { do: "open", key, server },
    wait(3_000),
    { do: "release", key },
    { do: "sleep", key },
    wait(sleptMs),
    acquire(key),
    { do: "open", key, server },
  ]);

/** A turn whose session has ended since, or is leaked and may be given up. */
const lastTurn = fc
  .tuple(turn, anyKey, fc.constantFrom(...endReasons), fc.subarray<Command>([{ do: "forget", nth: 0 }]))
  .map(([steps, key, reason, afterwards]): Command[] => [
    ...steps,
    { do: "end", key, reason, deadlineMs: 3_000 },
    wait(4_000),
    ...afterwards,
  ]);

/** The gateway dies, in the middle of something as often as not; some time later the next one comes, and perhaps dies while it sweeps. */
const restart = fc
  .record({
    key: anyKey,
    server: anyServer,
    ms: fc.constantFrom("unused", "at once", "at once", 0, 10),
    deaths: fc.array(fc.tuple(kill, fc.constantFrom(0, 0, 300, 5_000), start, fc.constantFrom(0, 20, 700, 8_000)), {
      minLength: 1,
      maxLength: 2,
    }),
  })
  .map(({ key, server, ms, deaths }): Command[] => {
    const opening: Command[] = [acquire(key), { do: "open", key, server }];
    return [
      ...(ms === "unused" ? [] : opening),
      ...(typeof ms === "number" ? [wait(ms)] : []),
      ...deaths.flatMap(([killing, downMs, starting, upMs]) => [killing, wait(downMs), starting, wait(upMs)]),
    ];
  });

const part = fc.oneof(
  { weight: 24, arbitrary: command.map((each) => [each]) },
  { weight: 6, arbitrary: turn },
  { weight: 3, arbitrary: lastTurn },
  { weight: 1, arbitrary: nap },
  { weight: 2, arbitrary: restart },
);

/** Not biased towards few and small ones: most of what can go wrong takes several. */
export const commands = fc
  .noBias(fc.array(part, { minLength: 1, maxLength: 12, size: "max" }))
  .map((parts) => parts.flat());
