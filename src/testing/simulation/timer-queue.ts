/** Something that happens at a moment. `rank` orders what happens at the same one. */
export interface QueuedEvent {
  readonly at: number;
  readonly rank: number;
  cancelled: boolean;
}

/** A binary heap of events, earliest first. A cancelled one stays in it until it surfaces or half of the heap is cancelled. */
export class TimerQueue<E extends QueuedEvent> {
  #heap: E[] = [];
  #cancelled = 0;

  /** How many are held, cancelled ones included. */
  get size(): number {
    return this.#heap.length;
  }

  push(event: E): void {
    this.#heap.push(event);
    this.#rise(this.#heap.length - 1);
  }

  cancel(event: E): void {
    if (event.cancelled) return;
    event.cancelled = true;
    this.#cancelled += 1;
    if (this.#cancelled * 2 > this.#heap.length && this.#cancelled > 32) this.#compact();
  }

  /** The earliest event that was not cancelled. */
  peek(): E | undefined {
    while (this.#heap[0]?.cancelled) this.#removeFirst();
    return this.#heap[0];
  }

  /** Takes the earliest event out; it cannot be cancelled any more. */
  shift(): E | undefined {
    const first = this.peek();
    if (first !== undefined) {
      this.#removeFirst();
      first.cancelled = true;
    }
    return first;
  }

  /** Everything still to come, earliest first. */
  toArray(): E[] {
    return this.#heap.filter((event) => !event.cancelled).sort((a, b) => (isBefore(a, b) ? -1 : 1));
  }

  #removeFirst(): void {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) return;
    if (first.cancelled) this.#cancelled -= 1;
    if (first === last) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #compact(): void {
    const left = this.toArray();
    this.#heap = left;
    this.#cancelled = 0;
  }

  #rise(start: number): void {
    for (let index = start; index > 0;) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfBefore(index, parent)) return;
      index = parent;
    }
  }

  #sink(start: number): void {
    for (let index = start; ;) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      const [a, b] = [this.#heap[left], this.#heap[right]];
      const child = a !== undefined && b !== undefined && isBefore(b, a) ? right : left;
      if (!this.#swapIfBefore(child, index)) return;
      index = child;
    }
  }

  #swapIfBefore(lower: number, upper: number): boolean {
    const [a, b] = [this.#heap[lower], this.#heap[upper]];
    if (a === undefined || b === undefined || !isBefore(a, b)) return false;
    this.#heap[upper] = a;
    this.#heap[lower] = b;
    return true;
  }
}

function isBefore(a: QueuedEvent, b: QueuedEvent): boolean {
  return a.at < b.at || (a.at === b.at && a.rank < b.rank);
}
