import { CallAbortedError, ConnectionLostError, isLifecycleError, type LifecycleError } from "../../errors/index.js";
import type { McpClient, McpRequestOptions } from "../../ports/mcp-client.js";
import { onAbort, placeOf } from "./open-error.js";
import { toolsOf } from "./server-behaviour.js";
import { SimulationError } from "./simulation-error.js";
import type { VirtualProtocol, VirtualProtocolOptions } from "./virtual-protocol.js";

export interface VirtualClientOptions extends VirtualProtocolOptions {
  readonly protocol: VirtualProtocol;
}

/** A client as callers get it: each of its requests is a call that passes the gate, and is answered as its server behaves. */
export function createVirtualClient(options: VirtualClientOptions): McpClient {
  const { behaviour, protocol, request } = options;
  return {
    connect: () => Promise.reject(new SimulationError("a virtual client is connected when it is handed out")),
    close: () => {
      protocol.lose(new ConnectionLostError("its client was closed", placeOf(request.context)));
      return Promise.resolve();
    },
    callTool: ({ name }, _resultSchema, requestOptions) =>
      call(options, `call ${name}`, () => ({ content: [{ type: "text", text: name }] }), requestOptions),
    listTools: (_params, requestOptions) =>
      call(options, "call tools/list", () => ({ tools: toolsOf(behaviour()) }), requestOptions),
    getServerCapabilities: () => ({ tools: {} }),
  };
}

async function call<T>(
  { behaviour, protocol, request, world, onCall, beforeAnswer }: VirtualClientOptions,
  what: string,
  answer: () => T,
  { signal, onprogress }: McpRequestOptions = {},
): Promise<T> {
  let cut: LifecycleError | undefined;
  let give = (error: LifecycleError) => void (cut = error);
  const ticket = request.calls.start((error) => give(error));
  world.record.note("call", request, what);
  const { answerMs = 0, fail = false, progressEveryMs } = behaviour().calls ?? {};
  const closeSocket = onCall?.();
  const sent = protocol.send(what, answerMs, () => {
    beforeAnswer?.();
    if (fail) throw new Error("the virtual server answers with an error");
    return answer();
  });
  give = (error) => {
    cut = error;
    sent.fail(error);
  };
  if (cut !== undefined) sent.fail(cut);
  const stopWatching = onAbort(signal, () => give(callAbortErrorOf(signal)));
  const stopProgress = tellProgress(world, onprogress, progressEveryMs);
  try {
    const result = await sent.answered;
    world.record.note("call-answered", request, what);
    return result;
  } catch (error) {
    const wasCut = error === cut || protocol.isShut;
    world.record.note(wasCut ? "call-cut" : "call-failed", request, `${what}: ${codeOf(error)}`);
    throw error;
  } finally {
    stopWatching();
    stopProgress();
    closeSocket?.();
    ticket.finish();
  }
}

function tellProgress(
  { clock }: VirtualClientOptions["world"],
  tell: McpRequestOptions["onprogress"],
  everyMs: number | undefined,
): () => void {
  if (tell === undefined || everyMs === undefined) return () => undefined;
  let progress = 0;
  const again = () => {
    progress += 1;
    tell({ progress });
    timer = clock.schedule(again, Math.max(1, everyMs));
  };
  let timer = clock.schedule(again, Math.max(1, everyMs));
  return () => clock.clearTimeout(timer);
}

function callAbortErrorOf(signal: AbortSignal | undefined): LifecycleError {
  return isLifecycleError(signal?.reason) ? signal.reason : new CallAbortedError("its caller aborted it");
}

function codeOf(error: unknown): string {
  return isLifecycleError(error) ? error.code : String(error);
}
