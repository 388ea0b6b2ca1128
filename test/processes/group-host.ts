import { createProcessHost, type ProcessHost, type ProcessHostOptions } from "../../src/processes/index.js";

/** A host that holds trees by group, cookie and descent, wherever it runs. What a cgroup adds has tests of its own. */
export function groupHost(options: ProcessHostOptions = {}): ProcessHost {
  return createProcessHost({ containment: "group", ...options });
}
