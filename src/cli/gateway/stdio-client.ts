import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import type { Gateway } from "../../gateway/index.js";

/** How often it is looked whether the process that started this one is still its parent. */
const parentLookMs = 1_000;

/** Serves the client that started this process. Resolves when it is gone: its pipe closed, or it died and somebody else holds that. */
export async function serveStdio(gateway: Gateway, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const gone = clientGone(AbortSignal.any([signal, over.signal]));
  const session = await gateway.serve(new StdioServerTransport());
  await Promise.race([gone, session.over]);
  over.abort();
}

function clientGone(stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const parent = process.ppid;
    const watch = setInterval(() => process.ppid === parent || resolve(), parentLookMs);
    // The SDK's transport does not mind that its input ended.
    for (const event of ["end", "close", "error"]) process.stdin.once(event, () => resolve());
    const end = () => {
      clearInterval(watch);
      resolve();
    };
    if (stop.aborted) end();
    else stop.addEventListener("abort", end, { once: true });
  });
}
