import type { Lease, Supervisor } from "../../../src/index.js";
import { until } from "./until.js";

/** Waits until one call of the first session is in flight. */
export function inFlight(supervisor: Supervisor): Promise<void> {
  const count = () => supervisor.inspect().sessions[0]?.connections[0]?.callsInFlight;
  return until(() => count() === 1, "the call was not sent");
}

/** The pid that a hostile server gives as its own. */
export async function pidOf(lease: Lease, server = "server"): Promise<number> {
  const { content } = (await lease.callTool(server, "pid")) as { content: [{ text: string }] };
  return (JSON.parse(content[0].text) as { pid: number }).pid;
}
