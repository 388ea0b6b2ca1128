import { describe, expect, test, vi } from "vitest";
import { noLogger } from "../../src/ports/index.js";
import { presets } from "../../src/testing/simulation/index.js";
import { custodyOf, entry, tree } from "./one-connection.js";
import { simulate } from "./simulated.js";

const place = { session: "chat", server: "files" };

describe("who waits for a server", () => {
  test("should be refused when a reload removes it meanwhile", async () => {
    const { world, supervisor, run } = simulate({ files: presets.slowStart, mail: {} });
    const lease = await supervisor.session("chat").acquire();
    const refused = expect(lease.client("files")).rejects.toMatchObject({ code: "UNKNOWN_SERVER", ...place });
    await world.clock.advanceBy(10);
    supervisor.reload({ mail: { command: "virtual" } });
    await world.clock.settle();
    await refused;
    await run(lease.client("mail"));
  });

  test("should be told what a transport that cannot even be made threw", async () => {
    const cause = new RangeError("no such transport");
    const create = () => {
      throw cause;
    };
    const { supervisor, run } = simulate({ files: {} }, { factory: { create } });
    const lease = await supervisor.session("chat").acquire();
    const failure = { code: "OPEN_FAILED", stage: "connect", ...place, cause };
    await expect(run(lease.client("files"))).rejects.toMatchObject(failure);
  });
});

test("a look after the opening that fails should be logged, and change nothing", async () => {
  const debug = vi.fn<(fields: object, message: string) => void>();
  const err = new Error("EPERM");
  const { custody, clock } = custodyOf({ tree, look: () => Promise.reject(err) }, { ...noLogger, debug });
  const record = custody.open(entry("c"));
  await record.opened;
  await clock.advanceBy(1_000);
  expect(debug.mock.calls).toEqual([[{ connection: "c", err }, expect.any(String)]]);
  expect(record).toMatchObject({ state: "open", look: undefined });
});
