import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ServerOutputError } from "../../src/errors/index.js";
import { LineBuffer } from "../../src/transports/line-buffer.js";

test("should give the same lines however the bytes are cut", () => {
  const line = fc.string({ unit: "grapheme" }).map((text) => text.replaceAll(/[\r\n]/g, ""));
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat(200)), fc.constantFrom("\n", "\r\n"), (lines, cuts, end) => {
      const bytes = Buffer.from(lines.map((text) => text + end).join(""));
      const edges = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
      const buffer = new LineBuffer({ maxLineBytes: 10_000 });
      const seen = edges.slice(1).flatMap((edge, index) => [...buffer.push(bytes.subarray(edges[index], edge))]);
      expect(seen).toEqual(lines);
    }),
  );
});

test("should give the lines before one that is too long, and then throw", () => {
  const buffer = new LineBuffer({ maxLineBytes: 4 });
  const seen: string[] = [];
  const push = () => {
    for (const line of buffer.push(Buffer.from("1234\n12345"))) seen.push(line);
  };
  expect(push).toThrow(ServerOutputError);
  expect(seen).toEqual(["1234"]);
});
