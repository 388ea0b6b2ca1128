import type { AdoptedServerConfig, ServerConfig } from "../config/server-config.js";
import type { LifecycleError } from "../errors/index.js";
import type { ClosedHow, OpenedSummary } from "../machines/index.js";
import type { ClientContext, OpenedTransport, TimerHandle, TransportHandle, TransportLook } from "../ports/index.js";
import type { CallRegister } from "./calls.js";
import type { ConnectionReceipt, Means, Phase } from "./receipts.js";

/** Everything known of one transport from before it is opened until it is proved gone. */
export interface CustodyRecord {
  readonly id: string;
  /** Id of the session's generation. */
  readonly session: string;
  readonly server: string;
  readonly context: ClientContext;
  readonly config: ServerConfig | AdoptedServerConfig;
  readonly handle: TransportHandle;
  readonly calls: CallRegister;
  /** Aborted to give up the opening. */
  readonly opening: AbortController;
  /** Shared by `open` and `settle`: the result of an invoked actor whose state was left is dropped by XState, even in the same tick. */
  readonly opened: Promise<OpenedSummary>;
  readonly phases: Phase[];
  /** Who ends it. A machine that failed loses it to the net; then it only watches, so that no two owners signal (design rule 7). */
  owner: "machine" | "net";
  state: "opening" | "open" | "closing" | "leaked";
  settled: boolean;
  transport: OpenedTransport | undefined;
  failure: LifecycleError | undefined;
  inputEnded: boolean;
  means: Means;
  look: TransportLook | undefined;
  netUsed: boolean;
  /** The look that remembers the tree's members some time after the opening. */
  memberCensus: TimerHandle;
  /** It was reported as leaked; a retry may be under way. */
  wasLeaked: boolean;
  forgotten: string | undefined;
}

/** Evidence as a receipt. */
export function receiptOf(record: CustodyRecord, outcome: "closed" | "leaked" | ClosedHow): ConnectionReceipt {
  const { handle, look } = record;
  return {
    id: record.id,
    server: record.server,
    kind: handle.kind,
    containment: handle.containment,
    pid: handle.pid,
    outcome: outcome === "proved" ? "closed" : outcome,
    wasOpen: record.transport !== undefined,
    means: record.means,
    phases: [...record.phases],
    exit: look?.exit,
    survivors: look?.survivors ?? [],
    unreaped: look?.unreaped ?? [],
    doubtful: look?.doubtful ?? [],
    remote: look?.remote,
    afterClose: handle.afterClose?.report,
    abortedCalls: record.calls.aborted,
    netUsed: record.netUsed,
    failure: record.failure?.message,
    forgotten: record.forgotten,
  };
}

/** Whether it counts against the limit of trees: not when only a remote session is left. */
export function holdsTree({ handle, look, state }: CustodyRecord): boolean {
  const hasTree = handle.kind === "stdio" || handle.tree !== undefined;
  return hasTree && !(state === "leaked" && look !== undefined && isOnlyRemoteLeft(look));
}

/** Nothing of ours is left, but a server may still keep a session. */
export function isOnlyRemoteLeft({ survivors, doubtful, sockets, remote }: TransportLook): boolean {
  return survivors.length === 0 && doubtful.length === 0 && sockets === 0 && remote !== undefined;
}
