import { type ConnectionReceipt, type Means, meansInOrder } from "../supervisor/receipts.js";

/** The last means that any of the connections needed. */
export function lastMeans(connections: readonly ConnectionReceipt[]): Means {
  const needed = new Set(connections.map(({ means }) => means));
  return meansInOrder.findLast((means) => needed.has(means)) ?? "none";
}
