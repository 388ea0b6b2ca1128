import { CallAbortedError, ConnectionLostError, OpenFailedError } from "../../errors/index.js";
import { howItEnded } from "../../ports/exit-sentence.js";
import type { ContainmentLevel, ExitStatus, TreeRef, TreeSignal } from "../../ports/process-host.js";
import type { OpenedTransport, TransportHandle, TransportLook } from "../../ports/transport-factory.js";
import type { ToolDescription } from "../../ports/mcp-client.js";
import { onAbort, openAborted, placeOf } from "./open-error.js";
import { delay } from "./port-answers.js";
import type { Delay } from "./server-behaviour.js";
import type { WorldClock } from "./clock-types.js";
import { VirtualProtocol } from "./virtual-protocol.js";
import { VirtualTreeLedger } from "./virtual-tree-ledger.js";
import type { VirtualTransportOptions } from "./world-parts.js";
import type { WorldEventType } from "./world-record.js";

export interface VirtualStdioTransportOptions extends VirtualTransportOptions {
  /** Name of the environment variable that marks its tree. */
  readonly cookie: string;
  /** Called just before its tree is spawned. */
  readonly onSpawn: () => void;
}

/** A virtual process tree that speaks on stdin and stdout, through the process host and the ledger like a real one. */
export class VirtualStdioTransport implements TransportHandle {
  readonly kind = "stdio";
  readonly containment: ContainmentLevel;
  readonly #options: VirtualStdioTransportOptions;
  readonly #protocol: VirtualProtocol;
  readonly #ledger: VirtualTreeLedger;
  #isStarting = false;
  #isDisposed = false;
  #tree: TreeRef | undefined;
  #exit: ExitStatus | undefined;

  constructor(options: VirtualStdioTransportOptions) {
    const { cookie, request, world } = options;
    this.#options = options;
    this.#protocol = new VirtualProtocol(options);
    this.#ledger = new VirtualTreeLedger(world.ledger, {
      connectionId: request.connectionId,
      server: request.context.server,
      cookie,
    });
    this.containment = world.processHost.containment;
  }

  get tree(): TreeRef | undefined {
    return this.#tree;
  }

  get pid(): number | undefined {
    return this.#tree?.leader.pid;
  }

  open(signal: AbortSignal): Promise<OpenedTransport> {
    return this.#protocol.open(signal, "spawn", async () => {
      await this.#intend(signal);
      this.#isStarting = true;
      try {
        await this.#spawn();
      } finally {
        this.#isStarting = false;
      }
    });
  }

  listTools(signal: AbortSignal): Promise<readonly ToolDescription[]> {
    this.#note("list");
    return this.#protocol.listTools(signal);
  }

  release(): Promise<boolean> {
    this.#note("release");
    return Promise.resolve(false);
  }

  endInput(): Promise<void> {
    const { request, world } = this.#options;
    this.#note("end-input");
    this.#protocol.shut(new CallAbortedError("the connection was closed", placeOf(request.context)));
    if (this.#tree !== undefined) world.processHost.endInput(this.#tree);
    return world.schedule(`${request.connectionId} end-input`, () => undefined);
  }

  terminate(): Promise<void> {
    this.#note("terminate");
    return this.#signal("SIGTERM");
  }

  kill(): Promise<void> {
    this.#note("kill");
    return this.#signal("SIGKILL");
  }

  killSync(): void {
    this.#note("kill-sync");
    if (this.#tree !== undefined) this.#options.world.processHost.killSync(this.#tree);
  }

  async look(): Promise<TransportLook> {
    const nothing = { survivors: [], unreaped: [], doubtful: [] };
    const starting = this.#isStarting;
    const found = this.#tree === undefined ? nothing : await this.#options.world.processHost.look(this.#tree);
    const empty = !starting && found.survivors.length === 0 && found.doubtful.length === 0;
    return { ...found, empty, sockets: 0, exit: this.#exit, stderrTail: this.#options.behaviour().stderr };
  }

  leaked(): void {
    this.#ledger.leaked();
  }

  dispose(): void {
    const { request, world } = this.#options;
    this.#note("dispose");
    this.#isDisposed = true;
    this.#protocol.shut(new CallAbortedError("the connection was closed", placeOf(request.context)));
    if (this.#tree !== undefined) world.processHost.forget(this.#tree);
    this.#ledger.remove();
  }

  async #intend(signal: AbortSignal): Promise<void> {
    const { context } = this.#options.request;
    let stop = () => undefined as void;
    const aborted = new Promise<never>((_resolve, reject) => {
      stop = onAbort(signal, () => reject(openAborted(signal, context)));
    });
    aborted.catch(() => undefined);
    try {
      await Promise.race([this.#ledger.intend(), aborted]);
    } finally {
      stop();
    }
    if (this.#protocol.end !== undefined) throw this.#protocol.end;
  }

  async #spawn(): Promise<void> {
    const { behaviour, cookie, onSpawn, request, world } = this.#options;
    const { tree = {}, open = {} } = behaviour();
    // Nothing shortens a spawn under way: what it gives may come after everybody stopped waiting for it (LP-18).
    await pass(world.clock, open.spawnMs ?? 0);
    if (open.failAt === "spawn") throw new OpenFailedError("spawn", "the virtual program does not exist");
    onSpawn();
    const spec = { command: tree.command ?? "virtual", args: [], env: {}, cookie };
    const { ref, exited } = await world.processHost.start({ spec, shape: tree, owner: request.connectionId });
    this.#tree = ref;
    this.#ledger.started(ref);
    void exited.then((exit) => this.#protocol.notify("exit", () => this.#onExit(exit)));
    if (this.#protocol.isShut) world.processHost.endInput(ref);
    if (this.#isDisposed) {
      world.processHost.killSync(ref);
      void exited.then(() => world.processHost.forget(ref));
    }
  }

  #onExit(exit: ExitStatus): void {
    const { request } = this.#options;
    this.#exit = exit;
    this.#protocol.lose(new ConnectionLostError(`its process ${howItEnded(exit)}`, placeOf(request.context)));
    request.onStir();
  }

  async #signal(signal: TreeSignal): Promise<void> {
    if (this.#tree !== undefined) await this.#options.world.processHost.signal(this.#tree, signal);
  }

  #note(type: WorldEventType): void {
    this.#options.world.record.note(type, this.#options.request);
  }
}

function pass(clock: WorldClock, duration: Delay): Promise<void> {
  if (duration === "never") return new Promise(() => undefined);
  return duration > 0 ? delay(clock, duration) : Promise.resolve();
}
