import { randomUUID } from "node:crypto";
import type { ServerConfig } from "../../../src/config/server-config.js";
import type { LifecycleError } from "../../../src/errors/index.js";
import {
  type ClientContext,
  type OpenRequest,
  systemClock,
  type TransportHandle,
  type TransportLook,
} from "../../../src/ports/index.js";
import { createProcessHost } from "../../../src/processes/index.js";
import { createTransportFactory, type TransportFactoryOptions } from "../../../src/transports/index.js";
import { CallRegister } from "../../../src/supervisor/calls.js";
import { until } from "./until.js";

export const context: ClientContext = { sessionKey: "chat:42", generation: "g1", server: "files", tags: {} };

/** A handle with everything that it reported. */
export interface Opened {
  readonly handle: TransportHandle;
  readonly calls: CallRegister;
  readonly lost: LifecycleError[];
  readonly seen: { stirs: number; toolsChanged: number };
  readonly warnings: string[];
  readonly open: (withinMs?: number) => ReturnType<TransportHandle["open"]>;
  /** Ends it as the machine would: goodbye, end of input, SIGTERM, SIGKILL; rejects with what is left. */
  readonly close: () => Promise<TransportLook>;
}

/** Makes a handle as the supervisor does, on real processes and sockets. */
export function makeHandle(config: ServerConfig, options: Partial<TransportFactoryOptions> = {}): Opened {
  const lost: LifecycleError[] = [];
  const warnings: string[] = [];
  const seen = { stirs: 0, toolsChanged: 0 };
  const calls = new CallRegister(() => undefined);
  const drop = () => undefined;
  const logger = {
    debug: drop,
    info: drop,
    error: drop,
    warn: (_fields: object, message: string) => void warnings.push(message),
  };
  const factory = createTransportFactory({ processHost: createProcessHost(), clock: systemClock, logger, ...options });
  const request: OpenRequest = {
    connectionId: randomUUID(),
    config,
    context,
    calls,
    onLost: (error) => void lost.push(error),
    onStir: () => void (seen.stirs += 1),
    onToolsChanged: () => void (seen.toolsChanged += 1),
  };
  const handle = factory.create(request);
  return {
    handle,
    calls,
    lost,
    seen,
    warnings,
    open: (withinMs = 20_000) => handle.open(AbortSignal.timeout(withinMs)),
    close: () => closeHandle(handle),
  };
}

export async function closeHandle(handle: TransportHandle): Promise<TransportLook> {
  await handle.release(AbortSignal.timeout(2_000));
  await handle.endInput();
  if (!(await emptyWithin(handle, 1_000))) await handle.terminate();
  for (let attempt = 0; attempt < 10 && !(await emptyWithin(handle, 500)); attempt += 1) await handle.kill();
  const look = await handle.look();
  handle.dispose();
  if (!look.empty) throw new Error(`still there after SIGKILL: ${JSON.stringify(look)}`);
  return look;
}

export async function emptyWithin(handle: TransportHandle, withinMs: number): Promise<boolean> {
  return until(async () => (await handle.look()).empty, "not empty", withinMs).then(
    () => true,
    () => false,
  );
}
