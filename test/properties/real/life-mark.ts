import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import type { ClientContext } from "../../../src/ports/index.js";
import { seeEnvironment, seeProcess, type SeenProcess } from "../../../src/testing/witness/seen-process.js";

/** A process of a life, and what it was started for. */
export interface MarkedProcess {
  readonly seen: SeenProcess;
  readonly generation: string;
  readonly server: string;
  /** Whether it is a child of this process, as leaders are. */
  readonly isLeader: boolean;
}

/** A variable in the environment of every process of one life, by generation and server. */
export class LifeMark {
  readonly #name = `REAL_LIFE_${randomBytes(8).toString("hex")}`;

  env({ generation, server }: Pick<ClientContext, "generation" | "server">): Record<string, string> {
    return { [this.#name]: `${generation}/${server}` };
  }

  /** Who carries it and is alive now. */
  processes(): readonly MarkedProcess[] {
    return readdirSync("/proc").flatMap((name) => this.#marked(Number(name)) ?? []);
  }

  // Many lives look often: only of those who carry it more is read than the environment.
  #marked(pid: number): MarkedProcess | undefined {
    const prefix = `${this.#name}=`;
    const mark = pid > 0 ? seeEnvironment(pid).find((variable) => variable.startsWith(prefix)) : undefined;
    const seen = mark === undefined ? undefined : seeProcess(pid);
    if (mark === undefined || seen === undefined) return undefined;
    const [generation = "", server = ""] = mark.slice(prefix.length).split("/");
    return { seen, generation, server, isLeader: seen.ppid === process.pid };
  }
}
