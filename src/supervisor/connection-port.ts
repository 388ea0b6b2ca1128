import { ConnectTimeoutError, type LifecycleError, OpenAbortedError } from "../errors/index.js";
import { CallAbortedError, ConnectionLostError, isLifecycleError, messageOf } from "../errors/index.js";
import type { ClosedHow, ConnectionPort, Evidence, ServerFailure } from "../machines/index.js";
import {
  afterClose,
  endInput,
  inPhase,
  kill,
  look,
  release,
  type StepTools,
  terminate,
  untilEmpty,
} from "./closing-steps.js";
import type { Custody, CustodyRecord, Entry } from "./custody.js";
import { endByNet } from "./net.js";

/** What the port needs beside custody: how to enter a connection, and whom to tell how it ended. */
export interface PortOwner {
  entryFor(id: string, server: string): Entry;
  connectTimeoutMs(server: string): number;
  /** Written before the record goes. */
  ended(record: CustodyRecord, how: ClosedHow): void;
  /** The record went. */
  removed(): void;
  /** `isNews` is false where it was tried again in vain. */
  leaked(record: CustodyRecord, isNews: boolean): void;
  /** The net proved it gone; its server may be started again. */
  netProved(record: CustodyRecord): void;
  /** Why calls are refused, if the whole session is ending. */
  refusal(): LifecycleError | undefined;
}

/** What the connection machine asks of custody, performed. */
export function connectionPort(custody: Custody, owner: PortOwner): ConnectionPort {
  const tools: StepTools = custody;

  /** A machine that lost its record to the net only watches. */
  async function watched(record: CustodyRecord, signal: AbortSignal): Promise<Evidence> {
    return await untilEmpty(record, tools, { signal, since: custody.stirring.count(record.id) });
  }

  async function step<T>(id: string, gone: T, perform: (record: CustodyRecord) => Promise<T>): Promise<T> {
    const record = custody.get(id);
    return record === undefined ? gone : await perform(record);
  }

  const nothing = (): Evidence => ({ at: custody.clock.now(), empty: true, onlyRemoteLeft: false });

  return {
    open: (id, server) => custody.open(owner.entryFor(id, server)).opened,
    settle: (id, signal) =>
      step(id, undefined, (record) =>
        inPhase(record, "settling", tools, () => custody.until(record.session, () => record.settled, signal)),
      ),
    drained: (id, signal) => step(id, undefined, (record) => record.calls.quiet(signal)),
    release: (id, signal) =>
      step(id, undefined, (record) => (record.owner === "net" ? Promise.resolve() : release(record, tools, signal))),
    endInput: (id, signal) =>
      step(id, nothing(), (record) =>
        record.owner === "net" ? watched(record, signal) : endInput(record, tools, signal),
      ),
    terminate: (id, signal) =>
      step(id, nothing(), (record) =>
        record.owner === "net" ? watched(record, signal) : terminate(record, tools, signal),
      ),
    kill: (id) => step(id, undefined, (record) => (record.owner === "net" ? Promise.resolve() : kill(record, tools))),
    look: (id) => step(id, nothing(), (record) => inPhase(record, "verifying", tools, () => look(record, tools))),

    afterClose: (id) => step(id, nothing(), (record) => afterClose(record, tools)),
    stopAfterClose: (id) =>
      step(id, nothing(), async ({ handle }) => {
        await handle.afterClose?.stop();
        return { at: custody.clock.now() };
      }),

    refuseCalls: (id) => {
      const record = custody.get(id);
      record?.calls.refuse(() => owner.refusal() ?? closingError(record));
    },
    abortCalls: (id) => {
      const record = custody.get(id);
      record?.calls.abort(() => owner.refusal() ?? closingError(record));
    },
    abortOpen: (id, failure) => {
      const record = custody.get(id);
      if (record === undefined) return;
      record.failure ??= failureOf(record, failure, owner);
      record.state = "closing";
      custody.clock.clearTimeout(record.memberCensus);
      if (!record.settled) record.opening.abort(record.failure ?? openAborted(record));
    },
    leaked: (id) => {
      const record = custody.get(id);
      if (record !== undefined) reportLeak(custody, owner, record);
    },
    closed: (id, how) => {
      const record = custody.get(id);
      if (record === undefined) return;
      owner.ended(record, how);
      custody.remove(record);
      owner.removed();
    },
    takeOver: (id, error) => {
      const record = custody.get(id);
      if (record !== undefined) void takeOver({ custody, owner, record, error, tools });
    },
  };
}

/** Ends one record by the net and lets it go by proof; never rejects. */
export async function takeOver(options: {
  custody: Custody;
  owner: PortOwner;
  record: CustodyRecord;
  error: unknown;
  tools: StepTools;
  deadline?: number | undefined;
}): Promise<void> {
  const { custody, owner, record } = options;
  if (record.owner === "net" && record.state !== "leaked") return;
  const refusal = () => owner.refusal() ?? closingError(record);
  record.calls.refuse(refusal);
  record.calls.abort(refusal);
  if ((await endByNet(options)) === "empty") {
    owner.ended(record, "proved");
    custody.remove(record);
    owner.netProved(record);
    owner.removed();
    return;
  }
  reportLeak(custody, owner, record);
}

function reportLeak(custody: Custody, owner: PortOwner, record: CustodyRecord): void {
  const isNews = !record.wasLeaked;
  record.state = "leaked";
  record.wasLeaked = true;
  if (isNews) record.handle.leaked?.();
  owner.leaked(record, isNews);
  custody.changed(record.session);
}

function closingError({ failure, context, server }: CustodyRecord): LifecycleError {
  const place = { session: context.sessionKey, server };
  if (failure) return new ConnectionLostError(failure.message, { ...place, cause: failure });
  return new CallAbortedError("its connection is closing", place);
}

function openAborted({ context, server }: CustodyRecord): LifecycleError {
  return new OpenAbortedError("its session ended, or its server was removed", { session: context.sessionKey, server });
}

/** An opening that failed without an error ran into its deadline: the machine's clock, not the port, said so. */
function failureOf(
  record: CustodyRecord,
  failure: ServerFailure | undefined,
  owner: PortOwner,
): LifecycleError | undefined {
  if (failure === undefined) return undefined;
  const place = { session: record.context.sessionKey, server: record.server };
  if (isLifecycleError(failure.error)) return failure.error;
  if (failure.error !== undefined) return new ConnectionLostError(messageOf(failure.error), place);
  return new ConnectTimeoutError(owner.connectTimeoutMs(record.server), place, record.handle.hint);
}
