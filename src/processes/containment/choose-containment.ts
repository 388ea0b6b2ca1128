import { ConfigError } from "../../errors/index.js";
import { cgroupContainment, whyUnusable } from "./cgroup-containment.js";
import { ownCgroup } from "./cgroup-mount.js";
import type { Containment, ContainmentChoice } from "./containment.js";
import { namespaceContainment, whyNoNamespace } from "./namespace-containment.js";

export interface ChooseOptions {
  readonly choice: ContainmentChoice;
  readonly platform: NodeJS.Platform;
  /** Cgroup of this process, as a directory. Default: found out. */
  readonly base?: string | undefined;
}

/** The levels that a host may use for its trees, the best first. The others stand in for one that fails at a start. */
export type ContainmentLadder = readonly [Containment, ...Containment[]];

/** Where cgroups could be made: each transport has a host of its own, and need not try again. What changes is found out by a start. */
const proved = new Set<string | undefined>();

/** Finds out what can be had. Throws `ConfigError` where a level was named that cannot. */
export function chooseContainment({ choice, platform, base }: ChooseOptions): ContainmentLadder {
  const group = groupContainment(platform === "win32" ? "job" : "group");
  if (choice === "group") return [group];
  if (platform !== "linux") {
    if (choice === "auto") return [group];
    throw new ConfigError("containment", `"${choice}" needs Linux; leave it out, or say "auto" or "group"`);
  }
  if (choice === "namespace") {
    const problem = whyNoNamespace();
    if (problem === undefined) return [namespaceContainment()];
    throw new ConfigError(
      "containment",
      `"namespace" needs setpriv and unshare (util-linux), and root or user namespaces: ${problem}; say "auto" or "group"`,
    );
  }
  const own = base ?? ownCgroup();
  const problem = proved.has(own) ? undefined : whyUnusable(own);
  if (problem === undefined && own !== undefined) {
    proved.add(own);
    const cgroup = cgroupContainment(own);
    return choice === "auto" ? [cgroup, group] : [cgroup];
  }
  if (choice === "auto") return [group];
  throw new ConfigError(
    "containment",
    `"cgroup" needs a cgroup of version 2 that this process may write to: ${problem}; run as root, or as a systemd unit with Delegate=yes, or say "auto"`,
  );
}

function groupContainment(level: "group" | "job"): Containment {
  return {
    level,
    placeOf: () => ({ containment: level }),
    announce: () => () => Promise.resolve(),
    prepare: ({ command, args, env }) => Promise.resolve({ command, args, env, tells: false }),
    undo: () => undefined,
  };
}
