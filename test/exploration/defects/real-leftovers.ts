import { randomBytes } from "node:crypto";
import { seeAllProcesses, seeEnvironment, type SeenProcess } from "../../../src/testing/witness/seen-process.js";
import { killByIdentity } from "../../real/support/kill.js";

/** What hostile servers of one run carry, in their environment or in their arguments. */
const marker = "MCP_LIFECYCLE_TEST_RUN";

/** Does the work, and ends every process that it left: a defect that leaks leaks in earnest. */
export async function withoutLeftovers<T>(work: () => Promise<T>): Promise<T> {
  const outer = process.env[marker];
  const run = randomBytes(8).toString("hex");
  process.env[marker] = run;
  try {
    return await work();
  } finally {
    if (outer === undefined) delete process.env[marker];
    else process.env[marker] = outer;
    // They may fork while they are killed.
    for (let left = leftOf(run); left.length > 0; left = leftOf(run)) for (const seen of left) killByIdentity(seen);
  }
}

function leftOf(run: string): readonly SeenProcess[] {
  return seeAllProcesses().filter(
    ({ pid, command }) =>
      pid !== process.pid && (command.includes(run) || seeEnvironment(pid).includes(`${marker}=${run}`)),
  );
}
