import { whyUnusable } from "../../../src/processes/containment/cgroup-containment.js";
import { ownCgroup } from "../../../src/processes/containment/cgroup-mount.js";

/** How a tree can be held here: what escapes from a group and what from a cgroup are different things. */
export const levels: readonly ("group" | "cgroup")[] =
  process.platform === "linux" && whyUnusable(ownCgroup()) === undefined ? ["group", "cgroup"] : ["group"];
