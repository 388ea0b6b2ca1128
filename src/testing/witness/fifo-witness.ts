import { execFileSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { seeAllProcesses, type SeenProcess } from "./seen-process.js";
import { type Deadline, WitnessError } from "./witness-error.js";

/**
 * The kernel's word on whether anything of a tree lives: a pipe whose write end every process of the tree holds. Its end of file
 * comes when the last of them is gone, whatever its parent, group, session or environment, and comes from nobody's bookkeeping.
 */
export interface Witness extends AsyncDisposable {
  /** For the server's environment: a hostile server opens the pipe by it, and hands it to whatever it starts. */
  readonly env: { readonly WITNESS_FIFO: string };
  /** Whether anything holds the pipe at this moment. */
  readonly isHeld: boolean;
  /** Resolves once something holds it, or held it. Rejects with `WitnessError` after `withinMs` (default 10 000). */
  held(deadline?: Deadline): Promise<void>;
  /**
   * Resolves when nothing holds it any more. Rejects with `WitnessError`, naming who does, after `withinMs` (default 0); and at
   * once if nothing ever held it, because its end would prove nothing then.
   */
  gone(deadline?: Deadline): Promise<void>;
  /** Who holds it now. Linux only. */
  holders(): SeenProcess[];
  /** Removes the pipe. Idempotent. */
  dispose(): Promise<void>;
}

/** Makes a witness for one server. POSIX only. */
export async function createWitness(): Promise<Witness> {
  const directory = mkdtempSync(join(tmpdir(), "mcp-witness-"));
  const path = join(directory, "fifo");
  execFileSync("mkfifo", ["-m", "666", path]);
  // A server may run as another user.
  chmodSync(directory, 0o711);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  let everHeld = false;
  let disposed = false;

  const isHeld = (): boolean => {
    const state = disposed ? "nobody" : drain(reader);
    everHeld ||= state !== "nobody";
    return state === "held";
  };
  const until = async (condition: () => boolean, { withinMs = 0 }: Deadline, complain: () => WitnessError) => {
    for (const deadline = performance.now() + withinMs; !condition(); await pause(5)) {
      if (performance.now() >= deadline) throw complain();
    }
  };
  const dispose = async () => {
    if (disposed) return;
    disposed = true;
    closeSync(reader);
    rmSync(directory, { recursive: true });
  };

  return {
    env: { WITNESS_FIFO: path },
    get isHeld() {
      return isHeld();
    },
    held: ({ withinMs = 10_000 } = {}) =>
      until(
        () => isHeld() || everHeld,
        { withinMs },
        () => new WitnessError(`nothing held the witness within ${withinMs} ms`),
      ),
    async gone({ withinMs = 0 } = {}) {
      if (!isHeld() && !everHeld)
        throw new WitnessError("nothing ever held the witness; that nothing holds it now proves nothing");
      await until(
        () => !isHeld(),
        { withinMs },
        () => new WitnessError(`the witness is held after ${withinMs} ms, by:`, holdersOf(path)),
      );
    },
    holders: () => holdersOf(path),
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}

/** Reads what holders announced: `held` while a write end is open, `announced` if one was and wrote before it closed. */
function drain(reader: number): "held" | "announced" | "nobody" {
  const buffer = Buffer.allocUnsafe(1024);
  for (let read = false; ; read = true) {
    try {
      if (readSync(reader, buffer, 0, buffer.length, null) === 0) return read ? "announced" : "nobody";
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") return "held";
      throw error;
    }
  }
}

function holdersOf(path: string): SeenProcess[] {
  return seeAllProcesses().filter(({ pid }) => pid !== process.pid && descriptorsOf(pid).includes(path));
}

function descriptorsOf(pid: number): string[] {
  try {
    const directory = `/proc/${pid}/fd`;
    return readdirSync(directory).flatMap((fd) => linkOrNothing(`${directory}/${fd}`));
  } catch {
    return [];
  }
}

function linkOrNothing(path: string): string[] {
  try {
    return [readlinkSync(path)];
  } catch {
    return [];
  }
}
