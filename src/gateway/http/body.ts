import type { IncomingMessage } from "node:http";
import type { Refusal } from "./exchange.js";

type Body = { readonly value: unknown } | { readonly refusal: Refusal };

/** Reads a body of JSON, `limitBytes` at most. Gives a refusal for what is too large, cut short or no JSON; never rejects. */
export function readJson(request: IncomingMessage, limitBytes: number): Promise<Body> {
  if (Number(request.headers["content-length"]) > limitBytes) return Promise.resolve({ refusal: tooLarge(limitBytes) });
  // By its events, not by iterating: that costs several turns for each request, and destroys one that is left in the middle.
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let received = 0;
    request.on("data", (chunk: Buffer) => {
      received += chunk.length;
      if (received <= limitBytes) chunks.push(chunk);
      else resolve({ refusal: tooLarge(limitBytes) });
    });
    request.once("end", () => resolve(parse(Buffer.concat(chunks))));
    request.once("close", () => resolve({ refusal: badJson }));
  });
}

function parse(body: Buffer): Body {
  try {
    return { value: JSON.parse(body.toString("utf8")) as unknown };
  } catch {
    return { refusal: badJson };
  }
}

const badJson: Refusal = { status: 400, code: "BAD_JSON", message: "Parse error: the body is no JSON" };

function tooLarge(limitBytes: number): Refusal {
  return { status: 413, code: "BODY_TOO_LARGE", message: `the body is larger than ${limitBytes} bytes` };
}
