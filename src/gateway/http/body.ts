import type { IncomingMessage } from "node:http";
import type { Refusal } from "./exchange.js";

/** Reads a body of JSON, `limitBytes` at most. Gives a refusal for what is too large, cut short or no JSON; never rejects. */
export async function readJson(
  request: IncomingMessage,
  limitBytes: number,
): Promise<{ readonly value: unknown } | { readonly refusal: Refusal }> {
  if (Number(request.headers["content-length"]) > limitBytes) return { refusal: tooLarge(limitBytes) };
  const chunks: Buffer[] = [];
  let received = 0;
  try {
    // Not destroyed at an early return: its socket still has to carry the refusal.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      received += chunk.length;
      if (received > limitBytes) return { refusal: tooLarge(limitBytes) };
      chunks.push(chunk);
    }
    return { value: JSON.parse(Buffer.concat(chunks).toString("utf8")) as unknown };
  } catch {
    return { refusal: badJson };
  }
}

const badJson: Refusal = { status: 400, code: "BAD_JSON", message: "Parse error: the body is no JSON" };

function tooLarge(limitBytes: number): Refusal {
  return { status: 413, code: "BODY_TOO_LARGE", message: `the body is larger than ${limitBytes} bytes` };
}
