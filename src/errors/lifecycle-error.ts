/** Where a failure happened; every part that is known is named in the message too. */
export interface ErrorPlace {
  readonly session?: string | undefined;
  readonly server?: string | undefined;
  readonly cause?: unknown;
}

const brand = Symbol.for("mcp-lifecycle.error");

/**
 * Base of every error this library throws or rejects with. `code` is stable and meant for programs; the message names the
 * session and the server and says what to do.
 */
export class LifecycleError extends Error {
  readonly code: string;
  readonly session: string | undefined;
  readonly server: string | undefined;
  readonly [brand] = true;

  constructor(code: string, message: string, place: ErrorPlace = {}) {
    super(`${message}${describePlace(place)}`, place.cause === undefined ? undefined : { cause: place.cause });
    this.name = new.target.name;
    this.code = code;
    this.session = place.session;
    this.server = place.server;
  }
}

/** Tells errors of this library from others, across copies of the package in one process. */
export function isLifecycleError(value: unknown): value is LifecycleError {
  return typeof value === "object" && value !== null && brand in value;
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function describePlace({ session, server }: ErrorPlace): string {
  const parts = [session && `session "${session}"`, server && `server "${server}"`].filter(Boolean);
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}
