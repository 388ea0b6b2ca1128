import type { WorldClock } from "./clock-types.js";

/**
 * The hook every asynchronous answer and notice of the world passes through, last of all: it decides when `run` runs, and settles
 * like it. Plug in an interleaving explorer, or fast-check: `(label, run) => scheduler.schedule(Promise.resolve(), label).then(run)`.
 */
export type WorldSchedule = <T>(label: string, run: () => T | Promise<T>) => Promise<T>;

/** The default: in the next microtask. */
export const scheduleAtOnce: WorldSchedule = (_label, run) => Promise.resolve().then(run);

/** How one call of a port is answered. Everything left out means: at once and well. */
export interface AnswerPlan {
  /** Virtual milliseconds until the answer. */
  readonly latencyMs?: number | undefined;
  /** Not before `thaw()`. */
  readonly hang?: boolean | undefined;
  /** The answer is this error. */
  readonly fail?: Error | undefined;
}

/** One plan for every call, or one a call; the last of a list repeats. */
export type AnswerPlans = AnswerPlan | readonly AnswerPlan[];

export interface PortAnswersOptions<M extends string> {
  readonly name: string;
  readonly clock: WorldClock;
  readonly schedule: WorldSchedule;
  readonly plans?: Partial<Record<M, AnswerPlans>> | undefined;
}

/** Answers the calls of one port as it was told to, and counts them. */
export class PortAnswers<M extends string> {
  /** May be changed at any time; the next call is answered by what stands here then. */
  plans: Partial<Record<M, AnswerPlans>>;
  readonly #options: PortAnswersOptions<M>;
  readonly #counts = new Map<M, number>();
  #hanging: (() => void)[] = [];

  constructor(options: PortAnswersOptions<M>) {
    this.#options = options;
    this.plans = { ...options.plans };
  }

  /** How often `method` was called. */
  count(method: M): number {
    return this.#counts.get(method) ?? 0;
  }

  /** Counts a call that is answered synchronously. */
  tally(method: M): void {
    this.#counts.set(method, this.count(method) + 1);
  }

  /** Settles like `run`, which runs when the answer is due. */
  async answer<T>(method: M, run: () => T | Promise<T>): Promise<T> {
    const plan = planOf(this.plans[method], this.count(method));
    this.tally(method);
    if (plan.hang === true) await this.#thawed();
    if (plan.latencyMs !== undefined && plan.latencyMs > 0) await delay(this.#options.clock, plan.latencyMs);
    return this.#options.schedule(`${this.#options.name}.${method}`, () => {
      if (plan.fail !== undefined) throw plan.fail;
      return run();
    });
  }

  /** Everything that hangs is answered now. What is called later hangs again unless `plans` says otherwise. */
  thaw(): void {
    const hanging = this.#hanging;
    this.#hanging = [];
    for (const resume of hanging) resume();
  }

  #thawed(): Promise<void> {
    return new Promise((resolve) => {
      this.#hanging.push(resolve);
    });
  }
}

/** Resolves after so much virtual time; not listed among the timers of the library. */
export function delay(clock: WorldClock, durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.schedule(resolve, durationMs);
  });
}

function planOf(plans: AnswerPlans | undefined, call: number): AnswerPlan {
  if (plans === undefined) return {};
  return (isList(plans) ? plans[Math.min(call, plans.length - 1)] : plans) ?? {};
}

function isList(plans: AnswerPlans): plans is readonly AnswerPlan[] {
  return Array.isArray(plans);
}
