import { createProcessHost, type ProcessHost } from "../../../src/processes/index.js";
import { whyUnusable } from "../../../src/processes/containment/cgroup-containment.js";
import { ownCgroup } from "../../../src/processes/containment/cgroup-mount.js";
import { whyNoNamespace } from "../../../src/processes/containment/namespace-containment.js";

export type Level = "group" | "cgroup" | "namespace";

/** What can be shown here. */
export const canUseCgroups = process.platform === "linux" && whyUnusable(ownCgroup()) === undefined;
export const canUseNamespaces = process.platform === "linux" && whyNoNamespace() === undefined;

export const levels: readonly Level[] = ["group", "cgroup", "namespace"];

export function canUse(level: Level): boolean {
  if (level === "cgroup") return canUseCgroups;
  return level === "namespace" ? canUseNamespaces : process.platform === "linux";
}

export function hostAt(level: Level): ProcessHost {
  return createProcessHost({ containment: level });
}
