import { deaths, ends, type EventName, isPossible, perform } from "./alphabet.js";
import type { Life } from "./life.js";

/** One step of a script, in the words of a trace: `ACQUIRE`, `open.a=ok`, `kill.a=ignored&END+2`, `T`. */
export type Move = string;

/** What a move takes of the script's length, and whether it is a fault of the world. */
export interface Weight {
  readonly cost: number;
  readonly isFault: boolean;
}

/** What may happen next while so much of the script's length is left. */
export function movesOf(life: Life, left: number): ReadonlyMap<Move, Weight> {
  if (life.isClosed) return new Map();
  const { hasFaults, latestOffset } = life.setting;
  const steps = [...answersOf(life), ...ticksOf(life)].filter(([, { isFault }]) => !isFault || hasFaults);
  const events = eventsOf(life);
  const offsets = latestOffset === undefined ? [] : Array.from({ length: latestOffset + 1 }, (_, offset) => offset);
  const together = steps.flatMap(([step, { cost, isFault }]) =>
    events
      .filter(([, weight]) => !weight.isFault)
      .flatMap(([event, weight]) =>
        offsets.map((offset) => [`${step}&${event}+${offset}`, { cost: cost + weight.cost, isFault }] as const),
      ),
  );
  return new Map([...steps, ...events, ...together].filter(([, { cost }]) => cost <= left));
}

/** What a fair world does next: whoever was asked longest answers well; then the session ends; then time passes. */
export function fairMove(life: Life): Move | undefined {
  const [name] = life.gates.names;
  if (name !== undefined) return `${name}=${life.gates.find(name)?.answers()[0] ?? ""}`;
  if (life.isClosed) return undefined;
  if (!life.isEnding) return "END";
  return life.clock.pending.length > 0 ? "T" : undefined;
}

/** Does it, and lets everything happen that needs neither time nor an answer. */
export async function make(life: Life, move: Move): Promise<void> {
  const [first = "", event] = move.split("&");
  // In the tick of the step itself: an event that comes with offset 0 comes before anybody has read the answer.
  if (first === "T") await passTime(life);
  else begin(life, first);
  if (event !== undefined) {
    const [name, offset] = event.split("+");
    for (let tick = 0; tick < Number(offset); tick += 1) await microtask();
    perform(life, name as EventName);
  }
  await quiescence();
}

/** Resolves once no microtask is left. To be called from one: ticks are Node's next thing to do, and need no turn of the event loop. */
export function quiescence(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve);
  });
}

function microtask(): Promise<void> {
  return Promise.resolve();
}

function begin(life: Life, step: string): void {
  const [name = "", answer] = step.split("=");
  if (answer === undefined) perform(life, step as EventName);
  else life.gates.find(name)?.settle(answer);
}

/** The clock lets everything happen first that can; nothing can, but it takes a microtask. */
function passTime({ clock, gates }: Life): Promise<void> {
  // Whoever does not answer before time passes hangs, for as long as nobody answers.
  for (const gate of gates.pending) gate.isLate = true;
  void clock.next();
  return microtask();
}

function answersOf({ gates }: Life): (readonly [Move, Weight])[] {
  return gates.names.flatMap((name) =>
    (gates.find(name)?.answers() ?? []).map(
      (answer, index) => [`${name}=${answer}`, { cost: index === 0 ? 0 : 1, isFault: index > 0 }] as const,
    ),
  );
}

/** Each port that lets time pass without an answer is a fault; that a call takes time is none. */
function ticksOf({ clock, gates }: Life): (readonly [Move, Weight])[] {
  const hanging = gates.pending.filter(({ isLate, name }) => !isLate && !name.startsWith("call."));
  const weight = { cost: hanging.length, isFault: hanging.length > 0 };
  return clock.pending.length > 0 ? [["T", weight]] : [];
}

/** Every script may end: the first end is not counted. */
function eventsOf(life: Life): (readonly [Move, Weight])[] {
  return life.setting.events
    .filter((name) => isPossible(life, name))
    .map((name) => [name, { cost: ends.includes(name) && !life.isEnding ? 0 : 1, isFault: deaths.includes(name) }]);
}
