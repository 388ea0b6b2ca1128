import { ConnectionLostError, OpenFailedError } from "../../../src/errors/index.js";
import type {
  ObservedProcess,
  OpenedTransport,
  OpenRequest,
  TransportHandle,
  TransportLook,
  TreeRef,
} from "../../../src/ports/index.js";
import { gatedClient } from "./gated-client.js";
import type { Gates } from "./gates.js";

/** Whom a transport tells what is done to it. */
export interface TransportWitness {
  /** What the connection's machine is about: its state, and which visit of it this is. */
  stageOf(transport: GatedTransport): { readonly state: string; readonly visit: string };
  /** How often something stirred that makes a look worth while. */
  stirsOf(transport: GatedTransport): number;
  openBegins(transport: GatedTransport): void;
  bornTree(transport: GatedTransport): void;
  closingBegins(transport: GatedTransport): void;
  callCut(transport: GatedTransport): void;
}

/** A look, the deed, and the looks after it, which are all alike. */
const mostAsked = 2;

const leader: ObservedProcess = { pid: 2, startTime: "1", ppid: 1, pgid: 2, command: "server" };
const helper: ObservedProcess = { ...leader, pid: 3, ppid: 1, command: "helper" };
const tree: TreeRef = { containment: "group", leader };

/**
 * A transport whose every answer is the explorer's, and the truth about what is behind it: a tree of a leader and a helper, or a session
 * of an HTTP server.
 */
export class GatedTransport implements TransportHandle {
  readonly kind: "stdio" | "streamable-http";
  readonly containment = "group";
  readonly request: OpenRequest;
  readonly #gates: Gates;
  readonly #witness: TransportWitness;
  signal: AbortSignal | undefined;
  isOpening = false;
  wasOpened = false;
  isInputEnded = false;
  wasKilled = false;
  isDisposed = false;
  hasLeader = false;
  hasHelper = false;
  hasSession = false;
  /** How often its session was to be deleted. */
  goodbyes = 0;
  #isLost = false;
  #wasBorn = false;
  #visit = "";
  /** How many questions came before in the same visit of the same state. */
  #asked = 0;

  constructor(parts: { request: OpenRequest; gates: Gates; witness: TransportWitness }) {
    this.request = parts.request;
    this.#gates = parts.gates;
    this.#witness = parts.witness;
    this.kind = "url" in parts.request.config ? "streamable-http" : "stdio";
  }

  get server(): string {
    return this.request.context.server;
  }

  get hasTree(): boolean {
    return this.hasLeader || this.hasHelper;
  }

  /** Something of it is left in the world, or may still come into it. */
  get isAlive(): boolean {
    return this.hasTree || this.hasSession || this.isOpening;
  }

  get tree(): TreeRef | undefined {
    return this.#wasBorn && this.kind === "stdio" ? tree : undefined;
  }

  get pid(): number | undefined {
    return this.tree?.leader.pid;
  }

  open(signal: AbortSignal): Promise<OpenedTransport> {
    this.signal = signal;
    this.isOpening = true;
    this.#witness.openBegins(this);
    return this.#ask("open", ["ok", "half", "fail"], (answer) => {
      this.isOpening = false;
      if (answer !== "fail") this.#bear();
      if (answer !== "ok") throw new OpenFailedError("connect", answer);
      this.wasOpened = true;
      return { client: gatedClient(this, this.#gates), tools: [] };
    });
  }

  /** The leader dies by itself; `helper` says whether it leaves something behind. */
  die({ leavesHelper }: { leavesHelper: boolean }): void {
    this.hasLeader = false;
    this.hasHelper &&= leavesHelper;
    if (this.wasOpened && !this.isInputEnded && !this.#isLost) {
      this.#isLost = true;
      this.request.onLost(new ConnectionLostError("its process died"));
    }
    this.request.onStir();
  }

  listTools(): Promise<readonly never[]> {
    return Promise.resolve([]);
  }

  release(): Promise<boolean> {
    this.#witness.closingBegins(this);
    if (this.kind === "stdio" || !this.hasSession) return Promise.resolve(false);
    this.goodbyes += 1;
    return this.#ask("delete", ["ok", "fail"], (answer) => {
      if (answer === "fail") throw new ConnectionLostError("the server does not answer");
      this.hasSession = false;
      return true;
    });
  }

  endInput(): Promise<void> {
    this.#witness.closingBegins(this);
    this.isInputEnded = true;
    if (this.kind === "stdio") return this.#endTreeBy("eof");
    // Its sockets close, which is worth a look.
    this.request.onStir();
    return Promise.resolve();
  }

  terminate(): Promise<void> {
    return this.#endTreeBy("term");
  }

  kill(): Promise<void> {
    this.wasKilled = true;
    return this.#endTreeBy("kill");
  }

  look(): Promise<TransportLook> {
    return this.#ask("look", ["ok", "fail"], (answer) => {
      if (answer === "fail") throw new ConnectionLostError("the process table cannot be read");
      const survivors = [...(this.hasLeader ? [leader] : []), ...(this.hasHelper ? [helper] : [])];
      const sockets = this.kind === "stdio" || this.isInputEnded || !this.wasOpened ? 0 : 1;
      const remote = this.hasSession ? { url: "", idKnown: true, problem: "not deleted" } : undefined;
      const empty = survivors.length === 0 && sockets === 0 && remote === undefined;
      return { empty, survivors, unreaped: [], doubtful: [], sockets, remote };
    });
  }

  killSync(): void {
    this.#endTree();
  }

  callIsCut(): void {
    this.#witness.callCut(this);
  }

  dispose(): void {
    this.isDisposed = true;
    this.#gates.forget(this);
  }

  #endTreeBy(means: string): Promise<void> {
    if (this.kind !== "stdio") return Promise.resolve();
    return this.#ask(means, ["ok", "ignored", "fail"], (answer) => {
      if (answer === "ok") this.#endTree();
      if (answer === "fail") throw new ConnectionLostError(`${means} failed`);
    });
  }

  #ask<T>(question: string, answers: readonly string[], act: (answer: string) => T): Promise<T> {
    const good = answers.slice(0, 1);
    const isMoot = () => question !== "open" && question !== "look" && !this.hasTree && !this.hasSession;
    const { state, visit } = this.#witness.stageOf(this);
    this.#asked = visit === this.#visit ? this.#asked + 1 : 0;
    this.#visit = visit;
    const stirs = this.#witness.stirsOf(this);
    const asked = {
      asker: this,
      name: `${question}.${this.server}`,
      askedIn: `${Math.min(this.#asked, mostAsked)} in ${state}`,
      isAbandoned: () => this.#witness.stageOf(this).visit !== visit,
      hasStirred: () => this.#witness.stirsOf(this) !== stirs,
      answers: () => (isMoot() ? good : answers),
    };
    return this.#gates.ask(asked, act);
  }

  #bear(): void {
    this.#witness.bornTree(this);
    this.#wasBorn = true;
    if (this.kind === "stdio") [this.hasLeader, this.hasHelper] = [true, true];
    else this.hasSession = true;
  }

  #endTree(): void {
    if (!this.hasTree) return;
    [this.hasLeader, this.hasHelper] = [false, false];
    this.request.onStir();
  }
}
