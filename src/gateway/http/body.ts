import type { IncomingMessage } from "node:http";
import type { Refusal } from "./exchange.js";

type Body = { readonly value: unknown } | { readonly refusal: Refusal };

/** Reads a body of JSON, `limitBytes` at most. Gives a refusal for what is too large, cut short or no JSON; never rejects. */
export function readJson(request: IncomingMessage, limitBytes: number): Promise<Body> {
  const expected = Number(request.headers["content-length"]);
  if (expected > limitBytes) return Promise.resolve({ refusal: tooLarge(limitBytes) });
  // By its events, not by iterating: that costs several turns for each request, and destroys one that is left in the middle.
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let received = 0;
    request.on("data", (chunk: Buffer) => {
      received += chunk.length;
      if (received > limitBytes) return resolve({ refusal: tooLarge(limitBytes) });
      chunks.push(chunk);
      // That this was the end is told a turn later.
      if (received === expected) resolve(parse(chunks));
    });
    request.once("end", () => received !== expected && resolve(parse(chunks)));
    request.once("close", () => resolve({ refusal: badJson }));
  });
}

function parse(chunks: readonly Buffer[]): Body {
  try {
    return { value: JSON.parse(Buffer.concat(chunks).toString("utf8")) as unknown };
  } catch {
    return { refusal: badJson };
  }
}

const badJson: Refusal = { status: 400, code: "BAD_JSON", message: "Parse error: the body is no JSON" };

function tooLarge(limitBytes: number): Refusal {
  return { status: 413, code: "BODY_TOO_LARGE", message: `the body is larger than ${limitBytes} bytes` };
}
