import type { EndReason } from "../../machines/index.js";
import type { SkippedServer } from "./demo-server.js";
import type { SessionReceipt } from "../../index.js";

/** What the demo reports, in the order in which it happens; with `--json`, one line each. */
export type DemoEvent =
  | {
      readonly event: "started";
      readonly servers: readonly StartedServer[];
      readonly sessions: readonly StartedSession[];
      readonly skipped: readonly SkippedServer[];
    }
  | { readonly event: "listed"; readonly session: string; readonly server: string; readonly tools: number }
  | { readonly event: "failed"; readonly session: string; readonly server?: string | undefined; readonly error: string }
  | {
      readonly event: "called";
      readonly session: string;
      readonly server: string;
      readonly tool: string;
      readonly answer: string;
    }
  | { readonly event: "ending"; readonly session: string; readonly how: string }
  | { readonly event: "receipt"; readonly receipt: SessionReceipt }
  | { readonly event: "interrupted"; readonly signal: string }
  | DoneEvent;

export interface StartedServer {
  readonly server: string;
  /** What it shows; absent for one's own. */
  readonly note?: string | undefined;
}

export interface StartedSession {
  readonly session: string;
  readonly end: EndReason;
  readonly servers: readonly string[];
}

/** The last word. */
export interface DoneEvent {
  readonly event: "done";
  readonly tookMs: number;
  readonly sessions: { readonly closed: number; readonly leaked: number };
  /** The most processes of the demo's servers that one look saw. */
  readonly mostProcesses: number | undefined;
  /** What the process table still has; `undefined` on a system where it cannot be read. */
  readonly left: readonly LeftProcess[] | undefined;
  readonly exitCode: number;
}

export interface LeftProcess {
  readonly pid: number;
  readonly ppid: number;
  readonly command: string;
  readonly session: string;
  readonly server: string;
}
