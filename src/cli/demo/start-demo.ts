import { demoCast, ownCast } from "./cast.js";
import { listenForInterruption } from "../interruption.js";
import { createMarks } from "./ownership-mark.js";
import { jsonReporter, liveReporter, plainReporter, type Reporter } from "./reporter.js";
import { runDemo } from "./run-demo.js";
import { planDemo, planOwn } from "./session-plan.js";

/** Options of the command. */
export interface DemoOptions {
  /** File with the servers; without it the demo has its own. */
  readonly servers?: string;
  readonly sessions: number;
  readonly json?: true;
}

/** Runs the demo on the standard output and gives its exit code. Rejects with `ConfigError` if the file cannot be used. */
export async function startDemo({ servers: file, sessions, json }: DemoOptions): Promise<number> {
  const marks = createMarks();
  const interruption = listenForInterruption();
  try {
    const own = file === undefined ? undefined : await ownCast(file);
    const mark = marks.markOf({ session: "demo", server: "everything-http" });
    const cast = own ?? (await demoCast({ mark, signal: interruption.signal }));
    const count = interruption.signal.aborted ? 0 : sessions;
    const plans = own === undefined ? planDemo(cast.servers, count) : planOwn(cast.servers, count);
    return await runDemo({ cast, plans, marks, interruption, reporter: reporterFor(json) });
  } finally {
    interruption[Symbol.dispose]();
  }
}

function reporterFor(json: true | undefined): Reporter {
  if (json) return jsonReporter(process.stdout);
  // A terminal of no known size (0 columns) has no room for a table.
  return process.stdout.isTTY && process.stdout.columns > 0
    ? liveReporter(process.stdout)
    : plainReporter(process.stdout);
}
