import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LedgerOptions, ServerMap } from "../../../src/index.js";
import { guardianMark } from "../../../src/recovery/guardian-script.js";
import { seeAllProcesses, type SeenProcess } from "../../../src/testing/witness/seen-process.js";
import { type StubbornServers, stubbornServers } from "./stubborn-servers.js";
import { type Gateway, type GatewayExit, type GatewayOptions, type GatewayPlan, runGateway } from "./run-gateway.js";
import { until } from "./until.js";

/** Its servers go by SIGKILL only; its records are in a folder of its own. */
export interface GuardedGateway extends AsyncDisposable {
  readonly directory: string;
  readonly servers: ServerMap;
  readonly stubborn: StubbornServers;
  /** Runs it until it is gone; by whatever end, what it leaves is the guardian's. */
  run(
    plan: Pick<GatewayPlan, "end" | "lifetimeMs"> & { ledger?: LedgerOptions },
    options?: GatewayOptions,
  ): Promise<GatewayExit>;
  /** Rejects with a sentence that names who is left: a server, the guardian, or a record. */
  allGone(): Promise<void>;
}

/** The bound of a busy machine; `npm run bench` measures how long it takes. */
const withinMs = 15_000;

export async function guardedGateway(
  options: { readonly user?: number; readonly program?: string } = {},
): Promise<GuardedGateway> {
  const scratch = mkdtempSync(join(tmpdir(), "guarded-"));
  if (options.user !== undefined) chownSync(scratch, options.user, options.user);
  const directory = join(scratch, "mcp-lifecycle");
  const stubborn = await stubbornServers({ ...(options.program !== undefined && { program: options.program }) });
  const { servers } = stubborn;
  return {
    directory,
    servers,
    stubborn,
    run: ({ ledger, ...plan }, more) => runGateway({ ...plan, servers, ledger: { directory, ...ledger } }, more),
    allGone: async () => {
      await stubborn.nothingLeft({ withinMs });
      const leftBehind = () => [
        ...guardiansOn(directory).map(({ pid, command }) => `pid ${pid}: ${command}`),
        ...recordsIn(directory),
      ];
      await until(
        () => leftBehind().length === 0,
        () => `left: ${leftBehind().join(", ")}`,
        withinMs,
      );
    },
    [Symbol.asyncDispose]: async () => {
      await stubborn[Symbol.asyncDispose]();
      rmSync(scratch, { recursive: true, maxRetries: 5 });
    },
  };
}

/** The process that waits for the end of a gateway. */
export function guardianOf({ pid }: Pick<Gateway, "pid">): SeenProcess | undefined {
  return seeAllProcesses().find(
    ({ command }) => command.includes(`: ${guardianMark};`) && command.includes(`guardian-main.js ${pid} `),
  );
}

/** Reapers at work there. */
function guardiansOn(directory: string): SeenProcess[] {
  return seeAllProcesses().filter(
    ({ command }) => command.includes("guardian-main.js reap") && command.includes(directory),
  );
}

export function recordsIn(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory, { recursive: true, encoding: "utf8" }) : [];
}
