import type { Subscription } from "../supervisor/face.js";

/** Several subscriptions as one, taken back in reverse order. */
export function together(subscriptions: readonly Subscription[]): Subscription {
  const dispose = () => {
    for (const subscription of subscriptions.toReversed()) subscription.dispose();
  };
  return { dispose, [Symbol.dispose]: dispose };
}
