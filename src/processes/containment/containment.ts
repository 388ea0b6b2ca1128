import type { TreeRef, TreeSpec } from "../../ports/process-host.js";

/** How trees are to be held; `auto`: in a cgroup where one can be made, else by group. */
export type ContainmentChoice = "auto" | "cgroup" | "group" | "namespace";

/** What one level does that the others do not. How a tree is looked for and signalled is the same for all, beside what its cgroup adds. */
export interface Containment {
  readonly level: TreeRef["containment"];
  /** Where a tree with that cookie will be held; nothing is made by asking. */
  placeOf(cookie: string): TreePlace;
  /** Begins with what has to be there before the start, in the background; see `ProcessHost.announce`. */
  announce(cookie: string): () => Promise<void>;
  /** Makes what has to be there before the start. Rejects with `SpawnError`, and leaves nothing then. */
  prepare(spec: TreeSpec): Promise<Launch>;
  /** Removes what `prepare` made: there is nobody in it. */
  undo(cookie: string): void;
}

/** What is known of a tree before there is a process of it. */
export type TreePlace = Pick<TreeRef, "containment" | "cgroup">;

/** What is really started: the server's program, or one that becomes it. */
export interface Launch extends Pick<TreeSpec, "command" | "args" | "env"> {
  /** Whether descriptor 3 tells what kept the server's program from being executed; its end alone tells that it was. */
  readonly tells: boolean;
}
