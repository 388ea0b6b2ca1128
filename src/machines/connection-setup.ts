import { assign, cancel, enqueueActions, fromPromise, raise, setup } from "xstate";
import { budgetFor, shareOf, stricter } from "./budget.js";
import type {
  ConnectionContext,
  ConnectionEvent,
  ConnectionInput,
  ConnectionOutput,
  Evidence,
  Finished,
  OpenedSummary,
} from "./connection-types.js";
import { outputOf } from "./mappers.js";
import type { ServerFailure } from "./vocabulary.js";

const firstPauseMs = 20;
const longestPauseMs = 1_000;
const shortestRetryMs = 1_000;
/** After so many goodbyes a server that cannot be reached is given up; nothing of ours is left there (design, end 8). */
const releaseTries = 5;

type Asked = ConnectionContext;

const ask = {
  open: fromPromise<OpenedSummary, Asked>(({ input }) => input.port.open(input.id, input.server)),
  settle: fromPromise<void, Asked>(({ input, signal }) => input.port.settle(input.id, signal)),
  drain: fromPromise<void, Asked>(({ input, signal }) => input.port.drained(input.id, signal)),
  release: fromPromise<void, Asked>(({ input, signal }) => input.port.release(input.id, signal)),
  endInput: fromPromise<Evidence, Asked>(({ input, signal }) => input.port.endInput(input.id, signal)),
  terminate: fromPromise<Evidence, Asked>(({ input, signal }) => input.port.terminate(input.id, signal)),
  kill: fromPromise<void, Asked>(({ input, signal }) => input.port.kill(input.id, signal)),
  look: fromPromise<Evidence, Asked>(({ input, signal }) => input.port.look(input.id, signal)),
  afterClose: fromPromise<Finished, Asked>(({ input }) => input.port.afterClose(input.id)),
  stopAfterClose: fromPromise<Finished, Asked>(({ input }) => input.port.stopAfterClose(input.id)),
};

/** Types, actors, guards, actions and delays of the connection machine, by name. */
export const connectionSetup = setup({
  types: {
    context: {} as ConnectionContext,
    events: {} as ConnectionEvent,
    input: {} as ConnectionInput,
    output: {} as ConnectionOutput,
    tags: {} as "owns-transport" | "usable" | "leaked",
  },
  actors: ask,
  delays: {
    connectTimeout: ({ context }) => context.graces.connectTimeoutMs,
    drainLimit: ({ context }) => context.graces.drainMs,
    settleGrace: ({ context }) => context.graces.settleMs,
    releaseGrace: ({ context }) => context.graces.releaseMs,
    inputEndedGrace: ({ context }) => context.graces.inputEndedMs,
    terminatingGrace: ({ context }) => context.graces.terminatingMs,
    // A retry belongs to no end that it could lengthen; it is given the time for a look, whatever the configuration says.
    verifyLimit: ({ context }) => Math.max(context.graces.verifyMs, context.leakedOnce ? shortestRetryMs : 0),
    killPause: ({ context }) => Math.min(firstPauseMs * 2 ** (context.kills - 1), longestPauseMs),
    afterCloseLimit: ({ context }) =>
      shareOf({ at: context.provedAt, deadline: context.deadline, limitMs: context.graces.afterCloseMs ?? 0 }),
  },
  guards: {
    isLate: ({ context }) => context.late,
    hasNoGoodbye: ({ context }) => !context.hasGoodbye,
    hasNoAfterClose: ({ context }) => context.graces.afterCloseMs === undefined,
    wasLeaked: ({ context }) => context.leakedOnce,
    isThisAttempt: ({ context, event }) => event.type === "LOST" && event.attempt === context.id,
    isEmpty: ({ event }) => outputOf<Evidence>(event)?.empty === true,
    isOnlyRemoteLeft: ({ event }) => outputOf<Evidence>(event)?.onlyRemoteLeft === true,
    isGivenUpRemotely: ({ context, event }) =>
      outputOf<Evidence>(event)?.onlyRemoteLeft === true && failedReleases(context) >= releaseTries,
  },
  actions: {
    rememberOpened: assign({ wasOpen: true }),
    rememberOpenFailure: assign({
      failure: ({ event }) => failureOf("error" in event ? event.error : undefined),
    }),
    rememberConnectTimeout: assign({ failure: { kind: "open-failed" } }),
    rememberLoss: assign({
      failure: ({ event, context }) => ({
        kind: context.wasOpen ? "lost" : "open-failed",
        error: event.type === "LOST" ? event.error : undefined,
      }),
    }),
    rememberLate: assign({ late: true }),
    rememberLeak: assign({
      leakedOnce: true,
      deadline: undefined,
      budget: undefined,
      late: false,
      goodbyeSaid: false,
      kills: 0,
    }),
    rememberUnconfirmed: assign({ how: "unconfirmed" }),
    rememberForgotten: assign({ how: "forgotten" }),
    rememberProof: assign({ provedAt: ({ context, event }) => outputOf<Finished>(event)?.at ?? context.provedAt }),
    rememberGoodbye: assign({ goodbyeSaid: true }),
    countFailedRelease: assign({ failedReleases: ({ context }) => failedReleases(context) }),
    countKill: assign({ kills: ({ context }) => context.kills + 1 }),

    tightenDeadline: assign(({ context, event }) => {
      if (event.type !== "HURRY") return {};
      const deadline = stricter(context.deadline, event.deadline);
      if (deadline === context.deadline) return {};
      return { deadline, budget: budgetFor({ at: event.at, deadline, verifyMs: context.graces.verifyMs }) };
    }),
    // Graces are fixed delays; what may shorten them is armed beside them and cuts whichever is running (design, end 5).
    armBudget: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== "HURRY" || context.budget === undefined) return;
      enqueue(cancel("killBy"));
      enqueue(cancel("deadline"));
      enqueue(raise({ type: "KILL_BY" }, { id: "killBy", delay: Math.max(0, context.budget.killBy - event.at) }));
      enqueue(raise({ type: "DEADLINE" }, { id: "deadline", delay: Math.max(0, context.budget.deadline - event.at) }));
    }),
    disarmBudget: enqueueActions(({ context, enqueue }) => {
      if (context.budget === undefined) return;
      enqueue(cancel("killBy"));
      enqueue(cancel("deadline"));
    }),

    refuseCalls: ({ context }) => context.port.refuseCalls(context.id),
    abortCalls: ({ context }) => context.port.abortCalls(context.id),
    abortOpen: ({ context }) => context.port.abortOpen(context.id, context.failure),
    reportLeak: ({ context }) => context.port.leaked(context.id),
    removeRecord: ({ context }) => context.port.closed(context.id, context.how),

    tellOpened: enqueueActions(({ context, event, enqueue }) => {
      const tools = outputOf<OpenedSummary>(event)?.tools ?? [];
      if (context.parent) enqueue.sendTo(context.parent, { type: "CONNECTION.OPENED", id: context.id, tools });
    }),
    tellClosing: enqueueActions(({ context, enqueue }) => {
      if (context.parent && !context.leakedOnce) {
        enqueue.sendTo(context.parent, { type: "CONNECTION.CLOSING", id: context.id });
      }
    }),
    tellLeaked: enqueueActions(({ context, event, enqueue }) => {
      const { id, parent, wasOpen, failure } = context;
      const evidence = outputOf<Evidence>(event);
      const remoteOnly = evidence?.onlyRemoteLeft === true;
      if (parent)
        enqueue.sendTo(parent, { type: "CONNECTION.LEAKED", id, remoteOnly, wasOpen, failure, at: evidence?.at });
    }),
  },
});

/** This closing's among them, if it came to say one: what was late from its first instant said none. */
function failedReleases(context: ConnectionContext): number {
  return context.failedReleases + (context.goodbyeSaid ? 1 : 0);
}

/** A refusal started nothing and says nothing about the server: it is no reason to back off. */
function failureOf(error: unknown): ServerFailure {
  const isRefusal = typeof error === "object" && error !== null && "code" in error && error.code === "ADMISSION";
  return { kind: isRefusal ? "refused" : "open-failed", error };
}

/** The context a connection begins with. */
export function initialConnection({ input }: { input: ConnectionInput }): ConnectionContext {
  return {
    ...input,
    wasOpen: false,
    failure: undefined,
    deadline: undefined,
    budget: undefined,
    late: false,
    goodbyeSaid: false,
    failedReleases: 0,
    kills: 0,
    leakedOnce: false,
    how: "proved",
    provedAt: undefined,
  };
}

/** What a connection that is closed tells its runtime. */
export function connectionOutput({ context }: { context: ConnectionContext }): ConnectionOutput {
  const { id, server, wasOpen, failure, how, provedAt } = context;
  return { kind: "connection", id, server, wasOpen, failure, how, at: provedAt };
}
