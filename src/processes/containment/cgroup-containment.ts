import { randomBytes } from "node:crypto";
import { accessSync, constants, mkdirSync, readdirSync, rmdirSync, statSync } from "node:fs";
import { mkdir, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, SpawnError } from "../../errors/index.js";
import { openCgroup } from "./cgroup.js";
import type { Containment } from "./containment.js";
import { warmJoinLock } from "./join-lock.js";
import { joinThenExecute, unpassableVariables } from "./join-script.js";
import { cgroupPath, cgroupPrefix } from "./recognised-cgroup.js";

/**
 * A cgroup of version 2 for each tree, below the one this process is in. Who is born in it stays in it, whatever he does to his
 * environment, group, session and parent; only who may write to another cgroup can leave, and the cookie is looked for beneath.
 */
export function cgroupContainment(base: string): Containment {
  return {
    level: "cgroup",
    placeOf: (cookie) => ({ containment: "cgroup", cgroup: cgroupPath(base, cookie) }),
    announce: (cookie) => {
      const path = cgroupPath(base, cookie);
      const made = mkdir(path).catch(() => undefined);
      void made.then(() => warmJoinLock(base));
      // The kernel removes none that somebody is in.
      return () => made.then(() => rmdir(path)).catch(() => undefined);
    },
    prepare: async (spec) => {
      const odd = unpassableVariables(spec.env);
      if (odd.length > 0)
        throw new SpawnError("env", `${odd.join(", ")} cannot be passed on through /bin/sh, which joins the cgroup`);
      const path = cgroupPath(base, spec.cookie);
      await make(path);
      // Once more: the lock is only held ready for so long, and not every start is announced.
      void warmJoinLock(base);
      return { ...joinThenExecute(path, spec), tells: true };
    },
    undo: (cookie) => void openCgroup(cgroupPath(base, cookie)).remove(),
  };
}

/**
 * What keeps a process from making and joining cgroups there, if anything does. Makes one and removes it, and what gateways left that ended
 * before who they had killed was gone: directories of ours that nobody has been in for a while.
 */
export function whyUnusable(base: string | undefined): string | undefined {
  if (base === undefined) return "no cgroup2 file system is mounted that this process's cgroup is in";
  try {
    // Who joins moves from the one to the other, which takes the right to write to both, and to what is above both.
    accessSync(join(base, "cgroup.procs"), constants.W_OK);
    const probe = join(base, `${cgroupPrefix}probe-${randomBytes(8).toString("hex")}`);
    mkdirSync(probe);
    try {
      accessSync(join(probe, "cgroup.procs"), constants.W_OK);
      accessSync(join(probe, "cgroup.events"), constants.R_OK);
      removeAbandoned(base, statSync(probe).mtimeMs);
    } finally {
      rmdirSync(probe);
    }
    return undefined;
  } catch (error) {
    return `no cgroup can be made in ${base}: ${messageOf(error)}`;
  }
}

/** One that was made a moment ago is about to be joined. */
const youngMs = 60_000;

function removeAbandoned(base: string, nowMs: number): void {
  for (const name of readdirSync(base).filter((each) => each.startsWith(cgroupPrefix))) {
    try {
      const path = join(base, name);
      if (nowMs - statSync(path).mtimeMs > youngMs) openCgroup(path).remove();
    } catch {
      // Somebody else removed it, or is not to be disturbed.
    }
  }
}

/** Not by the thread of the gateway: whoever makes a cgroup while somebody joins one waits for him. */
async function make(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    // Only who announced a tree knows its name.
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return;
    throw new SpawnError("containment", `the cgroup ${path} cannot be made: ${messageOf(error)}`, { cause: error });
  }
}
