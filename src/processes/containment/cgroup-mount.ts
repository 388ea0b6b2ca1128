import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The directory of this process's own cgroup in the hierarchy of version 2; undefined where none is mounted, or not that part of it. */
export function ownCgroup(root = "/proc/self"): string | undefined {
  try {
    return directoryOf(read(`${root}/cgroup`), read(`${root}/mountinfo`));
  } catch {
    return undefined;
  }
}

/** The same of what stands in `/proc/self/cgroup` and `/proc/self/mountinfo`, cgroups(7) and proc_pid_mountinfo(5). */
export function directoryOf(cgroups: string, mounts: string): string | undefined {
  // Version 2 alone has no number and no controllers; the others stand beside it.
  const own = lines(cgroups)
    .find((line) => line.startsWith("0::"))
    ?.slice("0::".length);
  if (own === undefined || own === "" || isOutside(own)) return undefined;
  for (const line of lines(mounts)) {
    const [front = "", back = ""] = line.split(" - ");
    const [, , , mountedPart = "", mountPoint = ""] = front.split(" ").map(unescape);
    if (!back.startsWith("cgroup2 ")) continue;
    const path = below(own, mountedPart);
    if (path !== undefined) return join(mountPoint, path).replace(/(?<=.)\/$/, "");
  }
  return undefined;
}

/** In a cgroup namespace, what is outside of it begins with `/..`. */
function isOutside(path: string): boolean {
  return path === "/.." || path.startsWith("/../");
}

function below(path: string, top: string): string | undefined {
  if (top === "/" || path === top) return path.slice(top === "/" ? 0 : top.length);
  return path.startsWith(`${top}/`) ? path.slice(top.length) : undefined;
}

/** Spaces and the like are octal there. */
function unescape(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}

function lines(text: string): string[] {
  return text.split("\n");
}

function read(path: string): string {
  return readFileSync(path, "utf8").trimEnd();
}
