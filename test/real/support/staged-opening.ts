import { setTimeout as pause } from "node:timers/promises";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { createSupervisor, type EndReason, type McpClient, type Session } from "../../../src/index.js";
import type { HostileServerName } from "../../../src/testing/hostile/index.js";
import { WitnessError } from "../../../src/testing/witness/index.js";
import { drainMs } from "./graces.js";
import { startHostileSubject } from "./hostile-subjects.js";
import { processesWith } from "./marked-processes.js";

/** The parts of an opening, as the server lives them: until it reads its stdin, until it answered initialize, until it listed. */
export const parts = ["spawn", "initialize", "list"] as const;
export type Part = (typeof parts)[number];

/** How long the server takes for each part, in milliseconds; what node needs to start is a part of the first. */
const delayMs: Readonly<Record<Part, number>> = { spawn: 30, initialize: 60, list: 30 };
const nodeStartMs = 60;

/** An end that is to come in one part of an opening, at a moment within it that is a number from 0 to 1. */
export interface PlannedEnd {
  readonly aim: Part;
  readonly moment: number;
  readonly server: HostileServerName;
  readonly reason: EndReason;
}

/** An opening that has come to the planned moment. */
export interface StagedOpening extends AsyncDisposable {
  readonly session: Session;
  /** The part that it is really in. */
  partNow(): Part | "over";
  /** What asking for the server was rejected with, if it was. */
  readonly rejected: Promise<unknown>;
  /** Rejects with a sentence that names what is left. */
  nothingLeft(): Promise<void>;
}

/** Opens a server whose every part takes its time, and waits until the planned moment. */
export async function stageOpening({ aim, moment, server }: PlannedEnd): Promise<StagedOpening> {
  const delays = parts.map((part) => `--${part}-delay=${delayMs[part]}`);
  const subject = await startHostileSubject(server, { flags: delays });
  const { witness, config } = subject;
  const listing = deferred();
  const supervisor = createSupervisor({
    // Asked when the opening has begun and nothing is started yet: an end that comes here is to start nothing.
    servers: { server: { ...config, env: async () => pause(5, witness.env) } },
    createClient: () => tellingClient(listing.resolve),
    signals: false,
  });
  const session = supervisor.session("chat", { drainMs });
  const lease = await session.acquire();
  let isOver = false;
  const rejected = lease.client("server").then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  void rejected.then(() => (isOver = true));

  let upAt: number | undefined;
  const up = witness.held({ withinMs: 30_000 }).then(() => (upAt = performance.now()));
  up.catch(() => undefined);
  if (aim === "spawn") await pause(moment * (nodeStartMs + delayMs.spawn));
  if (aim === "initialize") await up.then(() => pause(delayMs.spawn + moment * delayMs.initialize));
  if (aim === "list") await listing.promise.then(() => pause(moment * delayMs.list));

  return {
    session,
    rejected,
    partNow: () => {
      if (isOver) return "over";
      if (listing.isResolved()) return "list";
      return upAt !== undefined && performance.now() - upAt >= delayMs.spawn ? "initialize" : "spawn";
    },
    nothingLeft: async () => {
      if (upAt !== undefined || witness.isHeld) return await witness.gone();
      // It ended so early that nobody held the pipe by then: nobody may be about to.
      const left = processesWith(`WITNESS_FIFO=${witness.env.WITNESS_FIFO}`);
      if (left.length > 0)
        throw new WitnessError(`${left.length} processes are left that never held the witness:`, left);
    },
    [Symbol.asyncDispose]: async () => {
      await supervisor.shutdown();
      await subject[Symbol.asyncDispose]();
    },
  };
}

/** The SDK's client, which says when it asks for the tools. */
function tellingClient(onList: () => void): McpClient {
  const client = new Client({ name: "test", version: "1.0.0" });
  const listTools = client.listTools.bind(client);
  return Object.assign(client as McpClient, {
    listTools: (...args: Parameters<typeof listTools>) => {
      onList();
      return listTools(...args);
    },
  });
}

function deferred() {
  let done: () => void = () => undefined;
  let isResolved = false;
  const promise = new Promise<void>((resolve) => (done = resolve));
  const resolve = () => {
    isResolved = true;
    done();
  };
  return { promise, resolve, isResolved: () => isResolved };
}
