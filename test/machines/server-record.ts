import type { ServerRecord, ServerSpec } from "../../src/machines/runtime-types.js";
import { millisecondGraces } from "../exploration/millisecond-graces.js";

/** A server's configuration that asks for nothing special. */
export function specOf(fingerprint: string): ServerSpec {
  return {
    fingerprint,
    graces: millisecondGraces,
    hasGoodbye: false,
    required: false,
    idleTimeoutMs: 0,
    restart: false,
  };
}

/** A server that nothing has happened to yet. */
export function serverRecord(more: Partial<ServerRecord> = {}): ServerRecord {
  return {
    spec: specOf("one"),
    wanted: false,
    backoff: false,
    failures: [],
    notBefore: 0,
    failure: undefined,
    tools: undefined,
    ...more,
  };
}
