import type { ServerConfig } from "../../../src/config/server-config.js";
import type { CallGate, OpenRequest, TransportHandle, TransportLook } from "../../../src/ports/index.js";
import type { LifecycleError } from "../../../src/errors/index.js";
import type { World } from "../../../src/testing/simulation/index.js";

export const stdio: ServerConfig = { command: "virtual" };
export const http: ServerConfig = { url: "http://virtual/mcp?secret=1" };

/** What one connection told its owner. */
export interface Told {
  readonly lost: LifecycleError[];
  stirs: number;
  toolChanges: number;
  callsInFlight: number;
  /** Gives up every call in flight. */
  cancelCalls(error: LifecycleError): void;
}

export interface ConnectOptions {
  readonly server?: string;
  readonly config?: ServerConfig;
  readonly id?: string;
  readonly generation?: string;
}

/** Creates a transport as custody does, with a gate that lets every call through. */
export function createTransport(world: World, options: ConnectOptions = {}): { handle: TransportHandle; told: Told } {
  const {
    server = "files",
    config = stdio,
    id = `c${world.transportFactory.created.length + 1}`,
    generation = "g1",
  } = options;
  const cancels = new Set<(error: LifecycleError) => void>();
  const told: Told = {
    lost: [],
    stirs: 0,
    toolChanges: 0,
    callsInFlight: 0,
    cancelCalls: (error) => {
      for (const cancel of cancels) cancel(error);
    },
  };
  const calls: CallGate = {
    start: (cancel) => {
      cancels.add(cancel);
      told.callsInFlight += 1;
      return {
        finish: () => {
          if (cancels.delete(cancel)) told.callsInFlight -= 1;
        },
      };
    },
  };
  const request: OpenRequest = {
    connectionId: id,
    config,
    context: { sessionKey: "chat:42", generation, server, tags: {} },
    calls,
    onLost: (error) => void told.lost.push(error),
    onStir: () => void (told.stirs += 1),
    onToolsChanged: () => void (told.toolChanges += 1),
  };
  return { handle: world.transportFactory.create(request), told };
}

/** A signal that nobody aborts. */
export function never(): AbortSignal {
  return new AbortController().signal;
}

/** Creates and opens. */
export async function connect(world: World, options: ConnectOptions = {}) {
  const { handle, told } = createTransport(world, options);
  const opened = await world.clock.run(handle.open(never()));
  return { handle, told, ...opened };
}

/** The means a closing came to, in order. */
export const means = ["EOF", "SIGTERM", "SIGKILL"] as const;

/** Ends a transport by the graces of the defaults; gives back the last means that was needed, or `leaked`. */
export async function close(world: World, handle: TransportHandle): Promise<(typeof means)[number] | "leaked"> {
  const looks = (withinMs: number) => lookUntilEmpty(world, handle, world.clock.now() + withinMs);
  await world.clock.run(handle.release(never()));
  await world.clock.run(handle.look());
  await world.clock.run(handle.endInput());
  if (await looks(2_000)) return dispose(world, handle, "EOF");
  await world.clock.run(handle.terminate());
  if (await looks(2_000)) return dispose(world, handle, "SIGTERM");
  for (let kills = 0; kills < 10; kills += 1) {
    await world.clock.run(handle.kill());
    if (await looks(500)) return dispose(world, handle, "SIGKILL");
  }
  return "leaked";
}

async function lookUntilEmpty(world: World, handle: TransportHandle, deadline: number): Promise<boolean> {
  for (;;) {
    const { empty }: TransportLook = await world.clock.run(handle.look());
    if (empty || world.clock.now() >= deadline) return empty;
    await world.clock.advanceBy(100);
  }
}

async function dispose<T>(world: World, handle: TransportHandle, result: T): Promise<T> {
  handle.dispose();
  // The ledger's record goes after it.
  await world.clock.settle();
  return result;
}
