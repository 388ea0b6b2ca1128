/** A question that was asked of a port, and waits for the explorer's answer. */
export interface Gate {
  /** `open.a`, `kill.b`: what was asked, and of which server. */
  readonly name: string;
  readonly asker: object;
  /** What the port may answer, the good answer first. */
  readonly answers: () => readonly string[];
  /** What the asker was about, which decides what an answer does. */
  readonly askedIn: string;
  /** Whether the asker has gone on without the answer. */
  readonly isAbandoned: () => boolean;
  /** Whether something stirred since it was asked: who waits for a stir looks again at once. */
  readonly hasStirred: () => boolean;
  /** Time has passed since it was asked: the port is not prompt. */
  isLate: boolean;
  readonly settle: (answer: string) => void;
}

/** Everything asked and not yet answered, in the order in which it was asked. */
export class Gates {
  #pending: readonly Gate[] = [];

  get pending(): readonly Gate[] {
    return this.#pending;
  }

  /** Settles as `act` does once an answer is chosen. */
  ask<T>(question: Omit<Gate, "isLate" | "settle">, act: (answer: string) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const gate: Gate = {
        ...question,
        isLate: false,
        settle: (answer) => {
          this.#pending = this.#pending.filter((other) => other !== gate);
          try {
            resolve(act(answer));
          } catch (error) {
            reject(error);
          }
        },
      };
      this.#pending = [...this.#pending, gate];
    });
  }

  /** Nobody listens to the answers any more. */
  forget(asker: object): void {
    this.#pending = this.#pending.filter((gate) => gate.asker !== asker);
  }

  /** The oldest of that name, or the n-th where a name ends in `#n`. */
  find(wanted: string): Gate | undefined {
    const [name, nth = "0"] = wanted.split("#");
    return this.#pending.filter((gate) => gate.name === name)[Number(nth)];
  }

  /** The names by which `find` finds them. */
  get names(): readonly string[] {
    return this.#pending.map(({ name }, index) => {
      const nth = this.#pending.slice(0, index).filter((earlier) => earlier.name === name).length;
      return nth === 0 ? name : `${name}#${nth}`;
    });
  }
}
