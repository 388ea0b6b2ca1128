import { expect, it } from "vitest";
import { sweep } from "../../src/recovery/reap.js";
import { VirtualClock } from "../../src/testing/simulation/index.js";
import { FakeTable } from "../processes/fake-table.js";
import { entryOf } from "./ledger-files.js";

it("should signal nobody who is only doubtful, and keep the record", async () => {
  const entry = entryOf({ leader: { pid: 10, startTime: "200" } });
  const signalled: number[] = [];
  const removed: unknown[] = [];
  const clock = new VirtualClock();
  const findings = await clock.run(
    sweep({
      records: {
        read: () => Promise.resolve({ entries: [{ folder: "g", file: "g/f", entry }], bad: [] }),
        setAside: () => Promise.resolve(),
        noteTry: () => Promise.resolve(),
        remove: (filed) => Promise.resolve(void removed.push(filed)),
      },
      self: 900,
      scope: entry.owner,
      clock,
      // In the group and the session of a leader that is gone, and without its cookie.
      table: new FakeTable({ 11: { pgid: 10, sid: 10, startTime: "300" } }),
      kill: (pid) => void signalled.push(pid),
    }),
  );
  expect(signalled).toEqual([]);
  expect(removed).toEqual([]);
  expect(findings).toMatchObject([{ verdict: "left", processes: [{ pid: 11 }] }]);
});
