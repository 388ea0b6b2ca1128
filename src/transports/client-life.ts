import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { RequestId } from "@modelcontextprotocol/sdk/types.js";
import {
  CallAbortedError,
  ConnectionLostError,
  isLifecycleError,
  type LifecycleError,
  type OpenStage,
} from "../errors/index.js";
import {
  type ClientContext,
  type Logger,
  type McpClient,
  noTimeoutMs,
  type OpenedTransport,
  type OpenRequest,
  type ToolDescription,
} from "../ports/index.js";
import { CallGateTransport } from "./call-gate-transport.js";
import { contain } from "./contain.js";
import { abortable, type LinkedAbort, linkedAbort } from "./linked-abort.js";
import { openAborted, openFailed, placeOf, reasonOf } from "./open-error.js";
import { listAllTools } from "./tool-list.js";

/** What every handle needs to make its client. */
export interface ClientSupply {
  readonly createClient: (context: ClientContext) => McpClient | Promise<McpClient>;
  onClient?: ((client: McpClient, context: ClientContext) => void | Promise<void>) | undefined;
  readonly logger: Logger;
}

/** How one kind of transport takes part in an opening. */
export interface Wiring {
  readonly firstStage: OpenStage;
  /** Makes what the client talks through. What comes into being stays with the handle, whatever happens then. */
  readonly prepare: (signal: AbortSignal) => Promise<Transport>;
  /** The opening failed or was aborted: nothing new may start. Resolves when nothing is left that must not be cut. */
  readonly giveUp?: () => Promise<void>;
  readonly onGivenUp?: (id: RequestId) => void;
  /** An error that is none; the host's `onerror` does not see it. */
  readonly isNoise?: (error: Error) => boolean;
  /** What is known of a failure beyond what was thrown. */
  readonly hint?: () => string | undefined;
  /** A better name for the stage than the order of steps gives. */
  readonly stageOf?: (stage: OpenStage, thrown: unknown) => OpenStage;
}

/** The client's side of a handle: opened once, lost or ended once. */
export interface ClientLife {
  readonly gate: CallGateTransport;
  /** See `TransportHandle.open`; the same promise each time. */
  open(signal: AbortSignal): Promise<OpenedTransport>;
  listTools(signal: AbortSignal): Promise<readonly ToolDescription[]>;
  /** The transport is gone by itself. Reported once, and not when that was wanted. */
  lost(error: LifecycleError): void;
  stir(): void;
  /** The goodbye began: what ends from now on is no loss. */
  leave(): void;
  /** Ends it: an opening is aborted, whoever waits for an answer gets an error, the client is told that it is closed. */
  end(): void;
}

export function createClientLife(request: OpenRequest, supply: ClientSupply, wiring: Wiring): ClientLife {
  const { context } = request;
  const { logger } = supply;
  const ended = new AbortController();
  let state: "new" | "opening" | "open" | "lost" | "failed" | "leaving" | "ended" = "new";
  let lostBy: LifecycleError | undefined;
  let opening: Promise<OpenedTransport> | undefined;
  let client: McpClient | undefined;
  let listIsStale = false;
  const gate = new CallGateTransport({
    calls: request.calls,
    logger,
    onToolsChanged: () => {
      listIsStale = true;
      if (state === "open") request.onToolsChanged();
    },
    // A client that was closed answers nobody: the connection is worth nothing, and the machine ends it as a lost one.
    onClientClosed: () => state === "open" && lose(new ConnectionLostError("its client was closed", placeOf(context))),
    onGivenUp: (id) => wiring.onGivenUp?.(id),
    isNoise: (error) => wiring.isNoise?.(error) ?? false,
  });

  const lose = (error: LifecycleError): void => {
    if (state !== "open" && state !== "opening") return;
    lostBy = error;
    const wasOpen = state === "open";
    state = "lost";
    gate.shut(error);
    if (wasOpen) contain(logger, "onLost", () => request.onLost(error));
  };

  const connect = async (signal: AbortSignal, enter: (stage: OpenStage) => void): Promise<OpenedTransport> => {
    signal.throwIfAborted();
    client = await abortable(Promise.resolve(supply.createClient(context)), signal);
    await abortable(Promise.resolve(supply.onClient?.(client, context)), signal);
    enter(wiring.firstStage);
    gate.attach(await wiring.prepare(signal));
    signal.throwIfAborted();
    enter("connect");
    await client.connect(gate, { signal, timeout: noTimeoutMs });
    enter("list");
    listIsStale = false;
    const tools = await listAllTools(client, gate, signal);
    signal.throwIfAborted();
    gate.startCounting();
    return { client, tools };
  };

  const runOpening = async (signal: AbortSignal): Promise<OpenedTransport> => {
    if (state !== "new") throw openAborted("it was closed before it was opened", context);
    state = "opening";
    const attempt = linkedAbort(signal, ended.signal);
    attempt.signal.addEventListener("abort", () => gate.shut(new CallAbortedError("its opening was aborted")));
    let stage: OpenStage = "connect";
    try {
      const opened = await connect(attempt.signal, (next) => (stage = next));
      // Only one of these is possible here, and neither is an opening any more.
      if (state !== "opening") throw lostBy ?? new ConnectionLostError("it was closed while it was opened");
      state = "open";
      // What was said right behind the list came while nobody could list again.
      if (listIsStale) contain(logger, "onToolsChanged", () => request.onToolsChanged());
      return opened;
    } catch (thrown) {
      if (state === "opening") state = "failed";
      if (stage === "connect" && gate.initializeSent) stage = "initialize";
      gate.shut(new CallAbortedError(`the connection could not be opened: ${reasonOf(thrown)}`));
      await wiring.giveUp?.();
      throw rejection(attempt, stage, thrown);
    } finally {
      attempt.unlink();
    }
  };

  const rejection = ({ signal }: LinkedAbort, stage: OpenStage, thrown: unknown): LifecycleError => {
    if (signal.aborted && !lostBy) return openAborted(signal.reason, context);
    const reason = lostBy ?? thrown;
    return openFailed({
      stage: wiring.stageOf?.(stage, reason) ?? stage,
      thrown: reason,
      context,
      hint: wiring.hint?.(),
    });
  };

  return {
    gate,
    open: (signal) => (opening ??= runOpening(signal)),
    listTools: async (signal) => {
      if (!client || state !== "open") throw new ConnectionLostError(`it is ${state}`, placeOf(context));
      const linked = linkedAbort(signal, ended.signal);
      try {
        return await listAllTools(client, gate, linked.signal);
      } catch (cause) {
        throw isLifecycleError(cause)
          ? cause
          : new CallAbortedError(`tools/list: ${reasonOf(cause)}`, { ...placeOf(context), cause });
      } finally {
        linked.unlink();
      }
    },
    lost: lose,
    stir: () => contain(logger, "onStir", () => request.onStir()),
    leave: () => {
      if (state !== "ended") state = "leaving";
    },
    end: () => {
      if (state === "ended") return;
      state = "ended";
      const why = new CallAbortedError("the connection was closed");
      ended.abort(why);
      gate.shut(why);
    },
  };
}
