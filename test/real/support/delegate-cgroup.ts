import { chownSync, mkdirSync, readdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { ownCgroup } from "../../../src/processes/containment/cgroup-mount.js";

/** A cgroup that belongs to a user, as systemd makes one for a unit with `Delegate=yes`. */
export interface DelegatedCgroup extends Disposable {
  /** Words before a command line: it joins the cgroup and becomes that user. */
  readonly prefix: readonly string[];
  /** Names of the cgroups in it. */
  below(): string[];
}

export function delegateCgroup(user: number): DelegatedCgroup {
  const path = join(ownCgroup() ?? "", `test-delegated-${process.pid}`);
  mkdirSync(path);
  for (const file of ["", "cgroup.procs", "cgroup.subtree_control", "cgroup.threads"])
    chownSync(join(path, file), user, user);
  const become = `exec setpriv --reuid=${user} --regid=${user} --clear-groups "$@"`;
  return {
    prefix: ["/bin/sh", "-c", `echo 0 >"$0/cgroup.procs" && ${become}`, path],
    below: () =>
      readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])),
    [Symbol.dispose]: () => rmdirSync(path),
  };
}
