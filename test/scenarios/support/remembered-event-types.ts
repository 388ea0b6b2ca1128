import { vi } from "vitest";
import { StateNode } from "xstate";

/** What XState remembers: what each state does at each type of event that it was ever asked about. It forgets none of them. */
export interface RememberedEventTypes extends Disposable {
  count(): number;
}

/** The part of XState that remembers; its types keep it to itself. */
interface AskedNode {
  readonly id: string;
  next(snapshot: unknown, event: { readonly type: string }): unknown;
}

export function watchRememberedEventTypes(): RememberedEventTypes {
  const pairs = new Set<string>();
  const node = StateNode.prototype as unknown as AskedNode;
  const next = Reflect.get(node, "next");
  const spy = vi.spyOn(node, "next").mockImplementation(function (this: AskedNode, snapshot, event) {
    pairs.add(`${this.id} ${event.type}`);
    return next.call(this, snapshot, event);
  });
  return { count: () => pairs.size, [Symbol.dispose]: () => spy.mockRestore() };
}
