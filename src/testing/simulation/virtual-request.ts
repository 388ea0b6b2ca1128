import type { WorldClock } from "./clock-types.js";
import type { WorldSchedule } from "./port-answers.js";
import type { Delay } from "./server-behaviour.js";

export interface VirtualRequestOptions<T> {
  readonly clock: WorldClock;
  readonly schedule: WorldSchedule;
  readonly label: string;
  readonly afterMs: Delay;
  /** Runs when the answer is due; what it throws is the answer. */
  readonly answer: () => T;
  /** Called once, when it has settled either way. */
  readonly onSettled?: (() => void) | undefined;
}

/** A request on its way: answered in virtual time, or given up before by `fail`. */
export interface VirtualRequest<T> {
  readonly answered: Promise<T>;
  /** Rejects it with `error` unless it has settled. */
  fail(error: Error): void;
}

/** Sends a request into the virtual world. Its rejection is observed: nobody has to wait for `answered`. */
export function startRequest<T>(options: VirtualRequestOptions<T>): VirtualRequest<T> {
  const { clock, schedule, label, afterMs, answer, onSettled } = options;
  let settled = false;
  let fail: (error: Error) => void = () => undefined;
  const answered = new Promise<T>((resolve, reject) => {
    const settle = (how: () => void) => {
      if (settled) return;
      settled = true;
      clock.clearTimeout(timer);
      onSettled?.();
      how();
    };
    const deliver = () => {
      schedule(label, () => (settled ? undefined : answer())).then(
        (value) => settle(() => resolve(value as T)),
        (error: Error) => settle(() => reject(error)),
      );
    };
    fail = (error) => settle(() => reject(error));
    const timer = afterMs === "never" || afterMs <= 0 ? undefined : clock.schedule(deliver, afterMs);
    if (afterMs !== "never" && afterMs <= 0) deliver();
  });
  answered.catch(() => undefined);
  return { answered, fail };
}
