import type { WorldSchedule } from "./port-answers.js";

/** How long a gateway lives: what it asked for happens, and is answered, only until it is killed. */
export class GatewayLife {
  readonly schedule: WorldSchedule;
  #isOver = false;

  constructor(schedule: WorldSchedule) {
    this.schedule = (label, run) => {
      if (this.#isOver) return never();
      return schedule(label, () => (this.#isOver ? never() : run()));
    };
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  end(): void {
    this.#isOver = true;
  }
}

/** Whoever waits in a process that was killed waits for ever. */
function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}
