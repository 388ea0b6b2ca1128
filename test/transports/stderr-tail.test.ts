import { expect, test } from "vitest";
import { StderrTail } from "../../src/transports/stderr-tail.js";

test("should keep the end and no more", () => {
  const tail = new StderrTail({ maxBytes: 10 });
  for (const part of ["abc", "defghijklmnopqrstuvwxyz", "0", "1"]) tail.append(Buffer.from(part));
  expect(tail.text).toBe("stuvwxyz01");
  for (let count = 0; count < 5_000; count += 1) tail.append(Buffer.from(String(count % 10)));
  expect(tail.text).toBe("0123456789");
});

test("should name the last line with something on it, shortened", () => {
  const tail = new StderrTail();
  expect(tail.lastLine).toBeUndefined();
  tail.append(Buffer.from("first\n  Error: boom\r\n\n"));
  expect(tail.lastLine).toBe("Error: boom");
  tail.append(Buffer.from("x".repeat(1_000)));
  expect(tail.lastLine).toHaveLength(300);
});
