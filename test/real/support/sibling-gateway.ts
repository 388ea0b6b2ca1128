import type { ServerMap } from "../../../src/index.js";
import { runGateway, whenOpen } from "./run-gateway.js";
import { until } from "./until.js";

/** Another gateway on the same directory, that nobody kills. */
export interface SiblingGateway {
  /** SIGTERM, and resolves when it is gone. */
  end(): Promise<void>;
}

/** Resolves once its servers are open; it lives until it is told to end, or for `lifetimeMs`. */
export async function startSiblingGateway(plan: {
  readonly servers: ServerMap;
  readonly directory: string;
  readonly lifetimeMs?: number;
}): Promise<SiblingGateway> {
  const { servers, directory, lifetimeMs } = plan;
  let isOpen = false;
  const told = new AbortController();
  const over = runGateway(
    { servers, ledger: { directory }, end: "signal", lifetimeMs },
    {
      tell: async (gateway) => {
        await whenOpen(gateway);
        isOpen = true;
        await new Promise((resolve) => told.signal.addEventListener("abort", resolve));
        gateway.kill("SIGTERM");
      },
    },
  );
  await until(() => isOpen, "the sibling did not open", 30_000);
  return {
    end: async () => {
      told.abort();
      await over;
    },
  };
}
