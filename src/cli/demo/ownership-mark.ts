import { randomBytes } from "node:crypto";

/**
 * An environment variable of the demo's own, which every process of a server inherits: with it the demo counts processes in the process
 * table, independently of what the library believes. The library's cookie is something else and is not looked at.
 */
export const markName = "MCP_DEMO_OWNER";

/** Whose process it is. */
export interface Owner {
  readonly session: string;
  readonly server: string;
}

/** The marks of one run of the demo. */
export interface OwnershipMarks {
  /** Value of the variable for one owner. */
  markOf(owner: Owner): string;
  /** The owner that a value stands for; `undefined` if it is not of this run. */
  ownerOf(mark: string | undefined): Owner | undefined;
}

/** Makes marks that no other run has. */
export function createMarks(): OwnershipMarks {
  const run = randomBytes(6).toString("hex");
  return {
    markOf: ({ session, server }) => [run, session, server].map(encodeURIComponent).join("/"),
    ownerOf(mark) {
      const [markedRun, session, server] = (mark ?? "").split("/").map(decodeURIComponent);
      return markedRun === run && session !== undefined && server !== undefined ? { session, server } : undefined;
    },
  };
}
