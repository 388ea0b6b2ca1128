import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { readLedgers } from "../../../src/recovery/read-ledgers.js";
import { entryFileName, type TreeEntry } from "../../../src/recovery/tree-entry.js";
import type { HostileServerName } from "../../../src/testing/hostile/index.js";
import { seeProcess } from "../../../src/testing/witness/seen-process.js";
import { type HostileSubject, startHostileSubject } from "./hostile-subjects.js";
import { runGateway, whenOpen } from "./run-gateway.js";

/** A gateway that is to be killed, with what its servers are seen by. */
export interface GatewayToKill extends AsyncDisposable {
  readonly directory: string;
  readonly subjects: readonly HostileSubject[];
  readonly names: readonly HostileServerName[];
}

export async function gatewayToKill(names: readonly HostileServerName[]): Promise<GatewayToKill> {
  const directory = join(mkdtempSync(join(tmpdir(), "lp-47-")), "mcp-lifecycle");
  const subjects = await Promise.all(names.map((name) => startHostileSubject(name)));
  return {
    directory,
    subjects,
    names,
    [Symbol.asyncDispose]: async () => {
      for (const subject of subjects) await subject[Symbol.asyncDispose]();
      rmSync(join(directory, ".."), { recursive: true });
    },
  };
}

/** How long after everything is open a gateway that ends its sessions is killed: within the first grace of a server that ignores it. */
const intoTheEndMs = 50;

export interface KillOptions {
  readonly afterMs?: number;
  readonly whileEnding?: boolean;
  /** Whether it has one. Default false: what is left is for whoever comes next. */
  readonly guardian?: boolean;
  readonly containment?: "group" | "cgroup";
}

/** Runs it, with a session for each server, until it is SIGKILLed: once all are open, while it ends them, or so long after its beginning. */
export async function runKilled(
  { directory, subjects, names }: GatewayToKill,
  { afterMs, whileEnding = false, guardian = false, containment }: KillOptions = {},
): Promise<void> {
  const servers = Object.fromEntries(subjects.map(({ config }, index) => [names[index], config]));
  const end = whileEnding ? "end of every session" : "signal";
  const { signal } = await runGateway(
    { servers, ledger: { directory, guardian }, containment, end, afterMs },
    {
      tell: async (gateway) => {
        if (afterMs === undefined) await whenOpen(gateway);
        await pause(afterMs ?? (whileEnding ? intoTheEndMs : 0));
        gateway.kill("SIGKILL");
      },
    },
  );
  if (signal !== "SIGKILL") throw new Error(`the gateway was to be killed, and ended by ${signal}`);
}

/** Looks like a server, and is nobody's. */
export async function startDecoy() {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1_000)", "mcp-server"], { detached: true });
  await once(child, "spawn");
  child.unref();
  const seen = seeProcess(child.pid ?? 0);
  if (seen === undefined) throw new Error("the decoy did not start");
  return seen;
}

/** The records of every gateway. */
export async function entriesIn(directory: string): Promise<readonly TreeEntry[]> {
  return (await readLedgers(directory)).entries.map(({ entry }) => entry);
}

/** Files a record as a gateway would have. */
export function fileEntry(directory: string, entry: TreeEntry): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(directory, "forged-"));
  const file = join(folder, entryFileName(entry));
  writeFileSync(file, JSON.stringify(entry), { mode: 0o600 });
  return file;
}
