import type { TimerHandle } from "../../ports/clock.js";
import type { PendingTimer, RunLimits, VirtualClockOptions, WorldClock } from "./clock-types.js";
import { seededRandom } from "./seeded-random.js";
import { SimulationError } from "./simulation-error.js";
import { type QueuedEvent, TimerQueue } from "./timer-queue.js";

const longestDelayMs = 2 ** 31 - 1;

interface ClockEvent extends QueuedEvent {
  readonly run: () => void;
  /** Absent for what the world does by itself: it is nobody's timer. */
  readonly timer?: PendingTimer;
}

/**
 * Virtual time: it goes from deadline to deadline, one event at a time, and only when it is told to; whatever can happen without
 * time has happened before each step. Starts at 0. Serves as XState's `clock` too.
 */
export class VirtualClock implements WorldClock {
  readonly #queue = new TimerQueue<ClockEvent>();
  readonly #random: (() => number) | undefined;
  readonly #drain: () => Promise<void>;
  readonly #traceTimers: boolean;
  #now = 0;
  #sequence = 0;
  /** Counted rather than searched for: asked before every step. */
  #keepingAlive = 0;

  constructor(options: VirtualClockOptions = {}) {
    this.#random = options.seed === undefined ? undefined : seededRandom(options.seed);
    this.#drain = options.drain ?? nextTurn;
    this.#traceTimers = options.traceTimers ?? false;
  }

  now(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, delayMs: number): TimerHandle {
    return this.#arm(callback, delayMs, true);
  }

  setUnrefTimeout(callback: () => void, delayMs: number): TimerHandle {
    return this.#arm(callback, delayMs, false);
  }

  clearTimeout(timer: TimerHandle): void {
    const event = timer as ClockEvent | undefined;
    if (event === undefined || event === null || event.cancelled) return;
    this.#leave(event);
    this.#queue.cancel(event);
  }

  schedule(run: () => void, delayMs: number): TimerHandle {
    return this.#enqueue({ run, delayMs });
  }

  /** The timers of the library that are armed now, earliest first. */
  get pending(): readonly PendingTimer[] {
    return this.#queue.toArray().flatMap((event) => (event.timer === undefined ? [] : [event.timer]));
  }

  /** Lets everything happen that needs no time. */
  settle(): Promise<void> {
    return this.#drain();
  }

  /** Goes to the next deadline and lets what is due there happen, one event only. False if there is none. */
  async next(): Promise<boolean> {
    await this.#drain();
    const fired = this.#fire(Infinity);
    await this.#drain();
    return fired;
  }

  advanceBy(durationMs: number): Promise<void> {
    return this.advanceTo(this.#now + durationMs);
  }

  /** Goes through everything due until `at` (absolute, virtual milliseconds), that moment included. */
  async advanceTo(at: number): Promise<void> {
    if (!(at >= this.#now)) throw new SimulationError(`time does not go back from ${this.#now} ms to ${at} ms`);
    do await this.#drain();
    while (this.#fire(at));
    this.#now = at;
  }

  /**
   * Goes on until nothing is left but timers that do not keep a host alive. Rejects with `SimulationError` at a limit: then
   * something goes on for ever.
   */
  async runUntilIdle(limits: RunLimits = {}): Promise<void> {
    await this.#runUntil(() => this.#keepingAlive === 0, limits);
  }

  /**
   * Goes on until `work` has settled, and settles like it. Rejects with `SimulationError` at a limit, or when nothing is left
   * that could settle it. With `refOnly`, timers that do not keep a host alive are no help (LP-32).
   */
  async run<T>(work: Promise<T>, limits: RunLimits & { readonly refOnly?: boolean } = {}): Promise<T> {
    let settled = false;
    const mark = () => (settled = true);
    work.then(mark, mark);
    await this.#runUntil(() => settled || (limits.refOnly === true && this.#keepingAlive === 0), limits);
    if (!settled) throw new SimulationError(`at ${this.#now} ms nothing is left that could settle what is waited for`);
    return work;
  }

  async #runUntil(reached: () => boolean, { limitMs = 86_400_000, limitSteps = 100_000 }: RunLimits): Promise<void> {
    const deadline = this.#now + limitMs;
    for (let step = 0; step < limitSteps; step += 1) {
      await this.#drain();
      if (reached()) return;
      if (!this.#fire(deadline)) {
        if (this.#queue.peek() === undefined) return;
        throw new SimulationError(`still going on after ${limitMs} ms of virtual time`);
      }
    }
    throw new SimulationError(`still going on after ${limitSteps} events, at ${this.#now} ms`);
  }

  #arm(run: () => void, delayMs: number, ref: boolean): TimerHandle {
    // Node and XState fire such a timer at once, without a word.
    if (!(delayMs <= longestDelayMs)) throw new SimulationError(`a timer of ${delayMs} ms is too long for the host`);
    const stack = this.#traceTimers ? new Error("armed here").stack : undefined;
    return this.#enqueue({ run, delayMs, timer: { at: this.#now + Math.max(0, delayMs), delayMs, ref, stack } });
  }

  #enqueue({ run, delayMs, timer }: { run: () => void; delayMs: number; timer?: PendingTimer }): ClockEvent {
    this.#sequence += 1;
    const rank = this.#random === undefined ? this.#sequence : this.#random();
    const event: ClockEvent = {
      at: this.#now + Math.max(0, delayMs),
      rank,
      cancelled: false,
      run,
      ...(timer && { timer }),
    };
    if (keepsAlive(event)) this.#keepingAlive += 1;
    this.#queue.push(event);
    return event;
  }

  #fire(until: number): boolean {
    const first = this.#queue.peek();
    if (first === undefined || first.at > until) return false;
    this.#queue.shift();
    this.#leave(first);
    this.#now = first.at;
    first.run();
    return true;
  }

  #leave(event: ClockEvent): void {
    if (keepsAlive(event)) this.#keepingAlive -= 1;
  }
}

function keepsAlive(event: ClockEvent): boolean {
  return event.timer?.ref !== false;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
