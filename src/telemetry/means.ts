import type { ConnectionReceipt, Means } from "../supervisor/receipts.js";

const order: readonly Means[] = ["none", "close", "DELETE", "EOF", "SIGTERM", "SIGKILL"];

/** The last means that any of the connections needed. */
export function lastMeans(connections: readonly ConnectionReceipt[]): Means {
  const needed = Math.max(0, ...connections.map(({ means }) => order.indexOf(means)));
  return order[needed] ?? "none";
}
