import { type ConnectionReceipt, type Means, meansInOrder } from "../supervisor/receipts.js";

/** The last means that any of the connections needed. */
export function lastMeans(connections: readonly ConnectionReceipt[]): Means {
  const needed = Math.max(0, ...connections.map(({ means }) => meansInOrder.indexOf(means)));
  return meansInOrder[needed] ?? "none";
}
