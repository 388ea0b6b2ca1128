import * as fc from "fast-check";
import { expect, test } from "vitest";
import { EventStreamFields } from "../../src/transports/event-stream-fields.js";

function read(...chunks: string[]) {
  const fields = new EventStreamFields();
  for (const chunk of chunks) fields.push(Buffer.from(chunk));
  return { id: fields.lastEventId, retryMs: fields.retryMs };
}

test("should count an id only with its whole event", () => {
  expect(read("id: 1\ndata: a\n\nid: 2\nda")).toEqual({ id: "1", retryMs: undefined });
  expect(read("id: 1\ndata: a\n\nid: 2\ndata: b\n")).toEqual({ id: "1", retryMs: undefined });
  expect(read("id: 1\ndata: a\n\nid: 2\n\n")).toEqual({ id: "2", retryMs: undefined });
  expect(read("id: 1\n\ndata: without an id\n\n")).toEqual({ id: "1", retryMs: undefined });
});

test("should read retry, and what is no number not", () => {
  expect(read("retry: 500\n")).toEqual({ id: undefined, retryMs: 500 });
  expect(read("retry:20\nretry: soon\n")).toEqual({ id: undefined, retryMs: 20 });
});

test("should read the same however the bytes are cut, whatever the data", () => {
  const events = `id: ä1\r\ndata: ${"x".repeat(10_000)}\r\n\r\nretry: 7\r\nid: ö2\r\n\r\ndata: id: 3\r\n`;
  const bytes = Buffer.from(events);
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
      const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      const fields = new EventStreamFields();
      edges.slice(1).forEach((edge, index) => fields.push(bytes.subarray(edges[index], edge)));
      expect({ id: fields.lastEventId, retryMs: fields.retryMs }).toEqual({ id: "ö2", retryMs: 7 });
    }),
  );
});
