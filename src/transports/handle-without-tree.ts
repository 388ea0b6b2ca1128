import type { TransportHandle } from "../ports/index.js";

type TreePart = Pick<TransportHandle, "containment" | "pid" | "tree" | "terminate" | "kill" | "killSync">;

/** The part of a handle that is about processes, for transports that have none. */
export const handleWithoutTree: TreePart = {
  containment: undefined,
  pid: undefined,
  tree: undefined,
  terminate: () => Promise.resolve(),
  kill: () => Promise.resolve(),
  killSync: () => undefined,
};
