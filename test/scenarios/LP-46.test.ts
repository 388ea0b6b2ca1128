import { expect } from "vitest";
import { type GatewayPlan, runGateway } from "../real/support/run-gateway.js";
import { stubbornServers } from "../real/support/stubborn-servers.js";
import { scenario } from "./support/scenario.js";

// What SIGKILL was sent to needs a moment to be gone, and he who sent it may be gone before.
const withinMs = 10_000;

const ways: readonly (readonly [string, Omit<GatewayPlan, "servers">, number | null])[] = [
  ["process.exit(3)", { end: "process.exit" }, 3],
  ["an uncaught exception", { end: "uncaught exception" }, 1],
  ["an unhandled rejection", { end: "unhandled rejection" }, 1],
  ["process.exit(4) right after a close", { end: "process.exit after an end that nobody awaits" }, 4],
  ["SIGTERM", { end: "signal", signal: "SIGTERM" }, null],
  ["SIGINT", { end: "signal", signal: "SIGINT" }, null],
  ["SIGHUP", { end: "signal", signal: "SIGHUP" }, null],
];

scenario.each(ways)(
  "LP-46 a gateway that ends by %s leaves nothing and exits as it would without us",
  async (_how, plan, code) => {
    await using stubborn = await stubbornServers();
    const exit = await runGateway({ ...plan, servers: stubborn.servers });
    await stubborn.nothingLeft({ withinMs });
    await stubborn.witness.gone();
    expect({ code: exit.code, signal: exit.signal }).toEqual({ code, signal: plan.signal ?? null });
  },
);
