import type { Custody, CustodyRecord } from "./custody.js";
import { afterClose, inPhase, kill, look, type StepTools } from "./closing-steps.js";

/** How long the net tries before it reports a leak, in milliseconds. */
const netLimitMs = 5_000;
const netPauseMs = 20;

/**
 * Ends a transport whose machine is in error, the hard way: kill and look until it is empty. The machines are the normal path of
 * every end; that this runs at all is a defect, counted and logged (design rule 7).
 */
export async function endByNet(options: {
  custody: Custody;
  record: CustodyRecord;
  error: unknown;
  tools: StepTools;
  /** Of the end under way; absolute milliseconds. */
  deadline?: number | undefined;
}): Promise<"empty" | "leaked"> {
  const { custody, record, error, tools, deadline = Number.POSITIVE_INFINITY } = options;
  if (record.owner !== "net") custody.markNetUsed(record, error);
  record.state = "closing";
  record.opening.abort(error);
  const { clock } = tools;
  const until = Math.min(clock.now() + netLimitMs, deadline);
  // The port may hang: no step is waited for longer than the whole may take.
  let expire: () => void = () => undefined;
  const expired = new Promise<"leaked">((resolve) => (expire = () => resolve("leaked")));
  const timer = clock.setTimeout(expire, Math.max(0, until - clock.now()));
  try {
    const found = await Promise.race([killUntilEmpty(record, tools, until), expired]);
    // What is not over in time is killed with the record.
    if (found === "empty") await Promise.race([afterClose(record, tools), expired]);
    return found;
  } finally {
    clock.clearTimeout(timer);
  }
}

async function killUntilEmpty(record: CustodyRecord, tools: StepTools, until: number): Promise<"empty" | "leaked"> {
  const { clock } = tools;
  do {
    try {
      await kill(record, tools);
      const evidence = await inPhase(record, "verifying", tools, () => look(record, tools));
      if (evidence.empty) return "empty";
    } catch {
      // Recorded as the problem of its phase; the next round tries again.
    }
    await new Promise<void>((resolve) => {
      clock.setTimeout(resolve, netPauseMs);
    });
  } while (clock.now() < until);
  return "leaked";
}
