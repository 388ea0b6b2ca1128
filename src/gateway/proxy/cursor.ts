import { isRecord } from "../../config/record.js";
import { invalidParams } from "../rpc-error.js";

/** Where a list goes on: the servers that have more, each with its own cursor. */
export type Cursors = Readonly<Record<string, string>>;

/** One opaque cursor for all of them; `undefined` when none has more. */
export function encodeCursor(cursors: Cursors): string | undefined {
  if (Object.keys(cursors).length === 0) return undefined;
  return Buffer.from(JSON.stringify(cursors)).toString("base64url");
}

/** Throws the protocol's error for what is no cursor of ours (2025-11-25, pagination). */
export function decodeCursor(cursor: unknown): Cursors | undefined {
  if (cursor === undefined) return undefined;
  const cursors = typeof cursor === "string" ? parse(cursor) : undefined;
  if (!isCursors(cursors)) throw invalidParams("Invalid cursor");
  return cursors;
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}

function isCursors(value: unknown): value is Cursors {
  return isRecord(value) && Object.values(value).every((cursor) => typeof cursor === "string");
}
