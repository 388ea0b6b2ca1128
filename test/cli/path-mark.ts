import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/**
 * Knows a process with everything that descends from it by an entry of PATH that no other process has: the environment of servers is
 * cleared of everything but PATH and the like, so this is inherited where no variable of a test's own would be. Linux only.
 */
export interface PathMark {
  /** For the environment of the first process. */
  readonly env: NodeJS.ProcessEnv;
  /** Resolves when no process carries the mark; fails with those that do, after `withinMs` (default 0). */
  readonly nothingLeft: (options?: { withinMs?: number }) => Promise<void>;
}

export function createPathMark(): PathMark {
  const mark = `/mcp-lifecycle-test-${randomBytes(6).toString("hex")}`;
  return {
    env: { ...process.env, PATH: `${process.env["PATH"]}:${mark}` },
    async nothingLeft({ withinMs = 0 } = {}) {
      const deadline = performance.now() + withinMs;
      for (let left = processesWith(mark); left.length > 0; left = processesWith(mark)) {
        if (performance.now() >= deadline) throw new Error(`${left.length} processes are left:\n${left.join("\n")}`);
        await pause(20);
      }
    },
  };
}

function processesWith(mark: string): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(`/proc/${pid}/environ`).includes(mark))
    .map((pid) => {
      const ppid = /^PPid:\s*(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? "?";
      return `pid ${pid}, child of ${ppid}: ${read(`/proc/${pid}/cmdline`).replaceAll("\0", " ")}`;
    });
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
