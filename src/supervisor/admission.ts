import { AdmissionError, SupervisorShutdownError } from "../errors/index.js";
import type { Custody } from "./custody.js";
import { holdsTree } from "./custody-record.js";
import type { SessionHandle } from "./session-handle.js";

/** How much may live at once. Absent: no limit. */
export interface Limits {
  /** Sessions that are live or ending; dormant ones and sleepers cost nothing. */
  readonly liveSessions?: number | undefined;
  /** Local process trees: opening, open, closing or leaked. */
  readonly trees?: number | undefined;
}

/** The limits by name, for the check of options. */
export const limitNames = ["liveSessions", "trees"] as const satisfies readonly (keyof Limits)[];

/** Compares limits with what is there now. It keeps no count of its own, so none can be lost (LP-11, I8). */
export class Admission {
  readonly #limits: Limits;
  readonly #custody: Custody;
  readonly #sessions: () => Iterable<SessionHandle>;
  #isFenced = false;

  constructor(parts: { limits: Limits; custody: Custody; sessions: () => Iterable<SessionHandle> }) {
    this.#limits = parts.limits;
    this.#custody = parts.custody;
    this.#sessions = parts.sessions;
  }

  get isFenced(): boolean {
    return this.#isFenced;
  }

  /** Nothing is admitted any more (LP-22). */
  fence(): void {
    this.#isFenced = true;
  }

  /** Throws `AdmissionError` or `SupervisorShutdownError` where the session may not go live. */
  admitSession(session: SessionHandle): void {
    const place = { session: session.key };
    if (this.#isFenced) throw new SupervisorShutdownError(place);
    const { liveSessions } = this.#limits;
    if (liveSessions === undefined || session.view.isLive) return;
    const live = [...this.#sessions()].filter(({ view }) => view.isLive).length;
    if (live >= liveSessions) throw new AdmissionError("liveSessions", liveSessions, place);
  }

  /** Throws the same where no further tree may be started. */
  admitTree(session: SessionHandle, server: string): void {
    const place = { session: session.key, server };
    if (this.#isFenced) throw new SupervisorShutdownError(place);
    const { trees } = this.#limits;
    const needsTree = "command" in (session.servers.current[server] ?? {});
    if (trees === undefined || !needsTree) return;
    if (this.#custody.all().filter(holdsTree).length >= trees) throw new AdmissionError("trees", trees, place);
  }
}
