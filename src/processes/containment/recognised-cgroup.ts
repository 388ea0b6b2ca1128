import { lstatSync, realpathSync, statfsSync } from "node:fs";
import { basename, dirname, isAbsolute, join } from "node:path";
import { cookiePrefix } from "../process-table.js";
import { type Cgroup, openCgroup } from "./cgroup.js";

/** What the name of a tree's cgroup begins with; the opaque part of its cookie follows. */
export const cgroupPrefix = "mcp-lifecycle-";

/** The directory that the cgroup of a tree has in `base`. */
export function cgroupPath(base: string, cookie: string): string {
  return join(base, nameFor(cookie));
}

/**
 * Opens the cgroup of a tree, if it is one: a directory of a cgroup2 file system with the very name that its cookie gives it, and no link on
 * the way. What comes from a record may name anything; so no record ends a cgroup that was not made for that tree.
 */
export function recognisedCgroup(path: string | undefined, cookie: string | undefined): Cgroup | undefined {
  if (path === undefined || cookie === undefined || !isOurs(path, cookie)) return undefined;
  return openCgroup(path);
}

// CGROUP2_SUPER_MAGIC of the kernel's magic.h.
const cgroup2 = 0x6367_7270;
const opaque = /^[0-9a-f]{32}$/;

function isOurs(path: string, cookie: string): boolean {
  if (!isAbsolute(path) || !opaque.test(cookie.slice(cookiePrefix.length))) return false;
  if (basename(path) !== nameFor(cookie) || join(dirname(path), basename(path)) !== path) return false;
  try {
    return lstatSync(path).isDirectory() && realpathSync(path) === path && statfsSync(path).type === cgroup2;
  } catch {
    // Gone, and so is whoever was in it.
    return false;
  }
}

function nameFor(cookie: string): string {
  return `${cgroupPrefix}${cookie.slice(cookiePrefix.length)}`;
}
