import { describe, expect, test } from "vitest";
import { OpenAbortedError } from "../../src/errors/index.js";
import type { OpenedTransport, TransportHandle } from "../../src/ports/index.js";
import { custodyOf, entry, nothingLeft, transport, tree } from "./one-connection.js";

const endedError = new OpenAbortedError("its session ended", { session: "chat" });

function entered(handle: Partial<TransportHandle>) {
  const told: string[] = [];
  const made = custodyOf(handle);
  const record = made.custody.open(
    entry("c", {
      onToolsChanged: () => told.push("tools changed"),
      onSettledLate: () => told.push("settled late"),
    }),
  );
  return { ...made, record, told };
}

describe("custody", () => {
  test("should start nothing for a connection that is given up in the tick in which it was entered (I4)", async () => {
    const { record, asked } = entered({});
    record.opening.abort(endedError);
    await expect(record.opened).rejects.toBe(endedError);
    expect(asked).toEqual([]);
  });

  test("should enter a connection once, however often it is asked to", () => {
    const { custody, record } = entered({});
    expect(custody.open(entry("c"))).toBe(record);
    expect(custody.all()).toEqual([record]);
  });

  test("should keep what an abandoned opening gives after all, and not call it open", async () => {
    let give: (opened: OpenedTransport) => void = () => undefined;
    const { record, clock } = entered({ open: () => new Promise((resolve) => (give = resolve)), tree });
    await clock.settle();
    record.opening.abort(endedError);
    give(transport);
    await expect(record.opened).rejects.toBe(endedError);
    expect(record).toMatchObject({ transport, settled: true, state: "opening", failure: endedError });
    expect(clock.pending).toEqual([]);
  });

  test("should not call open what began to close while it was being opened", async () => {
    const { record, clock } = entered({});
    record.state = "closing";
    await clock.settle();
    expect(record.state).toBe("closing");
  });

  test.each([
    { what: "leave a transport without a tree alone", handle: {}, looks: 0 },
    { what: "look at a tree once, half a second after its opening", handle: { tree }, looks: 1 },
  ])("should $what", async ({ handle, looks }) => {
    const { record, clock, asked } = entered(handle);
    await record.opened;
    await clock.advanceBy(499);
    expect(asked).toEqual(["open"]);
    await clock.advanceBy(60_000);
    expect(asked.filter((each) => each === "look")).toHaveLength(looks);
    expect(record.look).toBe(looks === 0 ? undefined : nothingLeft);
  });

  test("should not look at a tree that closes already, nor keep the host alive for a look", async () => {
    const { record, clock, asked } = entered({ tree });
    await record.opened;
    expect(clock.pending).toMatchObject([{ ref: false }]);
    record.state = "closing";
    await clock.advanceBy(500);
    expect(asked).toEqual(["open"]);
  });

  test("should say what failed, for which server, with the error it came from", async () => {
    const error = new RangeError("no such thing");
    const { record } = entered({ open: () => Promise.reject(error) });
    const failure = { code: "OPEN_FAILED", session: "chat", server: "files", cause: error };
    await expect(record.opened).rejects.toMatchObject(failure);
  });

  test("should say that an opening was given up where the transport rejects with something of its own", async () => {
    const { record, clock } = entered({
      open: (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Error("cut")));
        }),
    });
    await clock.settle();
    record.opening.abort(endedError);
    await expect(record.opened).rejects.toMatchObject({ code: "OPEN_ABORTED", session: "chat", server: "files" });
  });

  test("should have a leak tried again when its opening settles after all, and no other", async () => {
    const late = entered({});
    late.record.state = "leaked";
    await late.record.opened;
    expect(late.told).toEqual(["settled late"]);
    const { record, told } = entered({});
    await record.opened;
    expect(told).toEqual([]);
  });

  test("should forget a connection that is proved gone, and what its server says after that", async () => {
    const { custody, record, clock, asked, told, requests } = entered({ tree });
    await record.opened;
    requests[0]?.onToolsChanged();
    expect([custody.get("c"), custody.of("chat#1"), custody.all()]).toEqual([record, [record], [record]]);
    custody.remove(record);
    requests[0]?.onToolsChanged();
    expect([custody.get("c"), custody.of("chat#1"), custody.all()]).toEqual([undefined, [], []]);
    expect(told).toEqual(["tools changed"]);
    expect(clock.pending).toEqual([]);
    expect(asked).toContain("dispose");
  });
});
