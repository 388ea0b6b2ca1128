import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ServerMap } from "../../../src/index.js";
import { hostileServer, type HostileServerName } from "../../../src/testing/hostile/index.js";
import { createWitness } from "../../../src/testing/witness/index.js";
import { describe, type SeenProcess } from "../../../src/testing/witness/seen-process.js";
import { shortGraces } from "./graces.js";
import { markedProcesses } from "./marked-processes.js";
import { serverProgram } from "./reference-subjects.js";
import { killByIdentity } from "./kill.js";

/** Twenty servers of every sort, none of which minds the end of its gateway more than it has to. */
export interface Crowd extends AsyncDisposable {
  readonly servers: ServerMap;
  /** Whoever of it lives: by the witness that hostile ones hold, and by the mark that all carry in their environment. */
  alive(): readonly SeenProcess[];
}

const root = fileURLToPath(new URL("../../../", import.meta.url));

const hostile: Partial<Record<HostileServerName, number>> = {
  "ignores-everything": 4,
  "ignores-eof": 1,
  "helper-detached": 2,
  "helper-double-fork": 3,
  "helpers-all": 1,
  "nested-gateway": 1,
  "wrapper-waits": 2,
  "forks-at-end": 1,
};

/** How often a reference server is in it: by itself, and behind `npx`. */
const reference = { filesystem: 3, everything: 1, npx: 1 };

/** `few`: one of each sort that says most. */
export async function startCrowd({ few = false } = {}): Promise<Crowd> {
  const witness = await createWitness();
  const marked = markedProcesses();
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "crowd-")));
  const lifecycle = shortGraces;
  const copies = (name: string, count: number, make: () => ServerMap[string]) =>
    Array.from({ length: few ? 1 : count }, (_, index) => [`${name}-${index}`, make()] as const);
  const env = { ...marked.env };
  const files = { args: [serverProgram("filesystem"), directory], env, lifecycle };
  const npmEnv = { ...env, npm_config_update_notifier: "false", npm_config_offline: "true" };
  const servers = [
    ...Object.entries(few ? { "ignores-everything": 1, "helper-double-fork": 1 } : hostile).flatMap(([name, count]) =>
      copies(name, count, () => ({ ...hostileServer(name as HostileServerName, { witness, env }), lifecycle })),
    ),
    ...copies("filesystem", reference.filesystem, () => ({ command: process.execPath, ...files })),
    ...(few
      ? []
      : copies("everything", reference.everything, () => ({
          ...files,
          command: process.execPath,
          args: [serverProgram("everything")],
        }))),
    ...(few
      ? []
      : copies("npx", reference.npx, () => ({
          command: "npx",
          args: ["--no-install", "mcp-server-filesystem", directory],
          cwd: root,
          env: npmEnv,
          lifecycle,
        }))),
  ];
  const alive = () => {
    const all = [...(witness.isHeld ? witness.holders() : []), ...marked.alive()];
    return [...new Map(all.map((seen) => [seen.pid, seen])).values()];
  };
  return {
    servers: Object.fromEntries(servers),
    alive,
    [Symbol.asyncDispose]: async () => {
      for (let left = alive(); left.length > 0; left = alive()) for (const seen of left) killByIdentity(seen);
      await witness.dispose();
      rmSync(directory, { recursive: true });
    },
  };
}

export function named(processes: readonly SeenProcess[]): string {
  return processes.map(describe).join("\n");
}
