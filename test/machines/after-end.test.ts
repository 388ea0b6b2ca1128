import { describe, expect, it } from "vitest";
import { afterEnd } from "../../src/machines/runtime-plan.js";
import type { ServerRecord } from "../../src/machines/runtime-types.js";
import { serverRecord, specOf } from "./server-record.js";

const restart = { initialDelayMs: 100, maxDelayMs: 1_000, limit: 2, withinMs: 10_000 };
const record = serverRecord({ spec: { ...specOf("one"), restart } });
const lost = { kind: "lost" as const };

describe("after the end of a connection, its server", () => {
  it("should be reopened after a back-off if it was lost", () => {
    expect(afterEnd(record, { failure: lost, wasOpen: true, at: 5_000 })).toMatchObject({
      wanted: true,
      backoff: true,
      notBefore: 5_100,
      failures: [5_000],
    });
  });

  it("should wait longer after each failure within the window, and count none before it", () => {
    const again = afterEnd({ ...record, failures: [4_900] }, { failure: lost, wasOpen: true, at: 5_000 });
    expect(again).toMatchObject({ notBefore: 5_200, failures: [4_900, 5_000] });
    // Exactly the window ago is not within it.
    const later = afterEnd({ ...record, failures: [4_000, 5_000] }, { failure: lost, wasOpen: true, at: 15_000 });
    expect(later).toMatchObject({ notBefore: 15_100, failures: [15_000] });
  });

  it("should be given up for as long as the window when it failed too often, and say why", () => {
    const error = new Error("no licence");
    const end = { failure: { kind: "open-failed" as const, error }, wasOpen: false, at: 5_000 };
    expect(afterEnd({ ...record, failures: [4_000, 4_500] }, end)).toMatchObject({
      wanted: false,
      notBefore: 15_000,
      failure: { kind: "restart-limit", error },
    });
  });

  it("should not be reopened by itself if it could not be opened, nor held off if it was refused", () => {
    const failed = afterEnd(record, { failure: { kind: "open-failed" }, wasOpen: false, at: 5_000 });
    expect(failed).toMatchObject({ wanted: false, backoff: false, failures: [5_000] });
    const refused = afterEnd({ ...record, wanted: true }, { failure: { kind: "refused" }, wasOpen: false, at: 5_000 });
    expect(refused).toMatchObject({ wanted: false, failures: [], notBefore: 0, failure: { kind: "refused" } });
  });

  it("should stay as it was where nothing failed, or nobody knows when", () => {
    expect(afterEnd(record, { failure: undefined, wasOpen: true, at: 5_000 })).toBe(record);
    expect(afterEnd(record, { failure: lost, wasOpen: true, at: undefined })).toBe(record);
  });

  it("should be opened by its next use where it is not to be restarted", () => {
    const once = { ...record, spec: { restart: false } } as ServerRecord;
    expect(afterEnd(once, { failure: lost, wasOpen: true, at: 5_000 })).toMatchObject({ wanted: false, failure: lost });
    const asked = { ...once, wanted: true };
    expect(afterEnd(asked, { failure: lost, wasOpen: true, at: 5_000 })).toBe(asked);
  });
});
