import { randomBytes } from "node:crypto";
import type { ClientContext } from "../../../src/ports/index.js";
import { seeAllProcesses, seeEnvironment, type SeenProcess } from "../../../src/testing/witness/seen-process.js";

/** A process of a life, and what it was started for. */
export interface MarkedProcess {
  readonly seen: SeenProcess;
  readonly generation: string;
  readonly server: string;
  /** Whether this process is its parent: the leader of a tree, unless everything else of the tree was orphaned. */
  readonly isLeader: boolean;
}

/** A variable in the environment of every process of one life, which tells the kernel's list of processes apart by generation and server. */
export class LifeMark {
  readonly #name = `REAL_LIFE_${randomBytes(8).toString("hex")}`;

  env({ generation, server }: Pick<ClientContext, "generation" | "server">): Record<string, string> {
    return { [this.#name]: `${generation}/${server}` };
  }

  /** Who carries it and is alive now. */
  processes(): readonly MarkedProcess[] {
    const prefix = `${this.#name}=`;
    return seeAllProcesses().flatMap((seen) => {
      const mark = seeEnvironment(seen.pid).find((variable) => variable.startsWith(prefix));
      if (mark === undefined) return [];
      const [generation = "", server = ""] = mark.slice(prefix.length).split("/");
      return [{ seen, generation, server, isLeader: seen.ppid === process.pid }];
    });
  }
}
