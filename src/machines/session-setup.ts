import { assign, cancel, enqueueActions, fromPromise, raise, setup } from "xstate";
import { budgetFor, stricter } from "./budget.js";
import { doneEvent, errorEvent, outputOf } from "./mappers.js";
import { without } from "./runtime-changes.js";
import { actorOf, longestClosing, longestVerify } from "./session-context.js";
import { runtimeMachine } from "./runtime.js";
import type { RuntimeOutput } from "./runtime-types.js";
import { idleLeft, isLastLease, requestedEnd } from "./session-ends.js";
import type { Disposal, SessionContext, SessionEvent, SessionInput, SessionOutput } from "./session-types.js";
import type { EndReason } from "./vocabulary.js";

/** Beyond the sum of all graces; only a port that hangs gets here. */
const disposeMarginMs = 1_000;

/** Types, actors, guards, actions and delays of the session machine, by name. */
export const sessionSetup = setup({
  types: {
    context: {} as SessionContext,
    events: {} as SessionEvent,
    input: {} as SessionInput,
    output: {} as SessionOutput,
    tags: {} as "terminal" | "owns-transport" | "leaked",
  },
  actors: {
    runtime: runtimeMachine,
    dispose: fromPromise<Disposal, SessionContext>(({ input, signal }) => input.port.disposed(signal)),
  },
  delays: {
    retireLimit: ({ context }) => context.timings.requiredRetireMs,
    drainLimit: ({ context }) => context.timings.drainMs,
    disposeLimit: ({ context }) => context.longestClosingMs + disposeMarginMs,
  },
  guards: {
    endsAs: ({ context, event }, { reason }: { reason: EndReason }) => requestedEnd(context, event)?.reason === reason,
    isLastLease: ({ context, event }) => event.type === "RELEASE" && isLastLease(context, event.lease),
    hasNoCall: ({ context }) => context.callsInFlight === 0,
    isRequired: ({ event }) => event.type === "RETIRE" && event.required,
    isProven: ({ context }) => context.disposal === "gone" && Object.keys(context.runtimes).length === 0,
    isLeaked: ({ context }) => context.disposal === "leaked",
  },
  actions: {
    addLease: assign(({ context, event }) =>
      event.type === "ACQUIRE" ? { leases: [...context.leases, event.lease] } : {},
    ),
    removeLease: assign(({ context, event }) =>
      event.type === "RELEASE" ? { leases: context.leases.filter((lease) => lease !== event.lease) } : {},
    ),
    beginUse: assign(({ event }) => (event.type === "ACQUIRE" ? { lastUse: event.at } : {})),
    rememberUse: assign(({ event }) =>
      event.type === "USED" ? { lastUse: event.at, callsInFlight: event.inFlightOfSession } : {},
    ),
    rememberLifetime: assign({ lifetimeIsOver: true }),
    rememberRetirement: assign(({ context, event }) => ({ retirement: requestedEnd(context, event) })),
    forgetRetirement: assign({ retirement: undefined }),
    // What a reload replaced closes with the graces it had: the limits of an end only grow.
    rememberServers: assign(({ context, event }) =>
      event.type === "RELOAD"
        ? {
            servers: event.servers,
            longestClosingMs: Math.max(context.longestClosingMs, longestClosing(event.servers)),
            longestVerifyMs: Math.max(context.longestVerifyMs, longestVerify(event.servers)),
          }
        : {},
    ),
    rememberDisposal: assign(({ event }) => ({ disposal: outputOf<Disposal>(event) ?? "leaked" })),
    rememberGone: assign({ isGone: true }),
    // An answer of dispose is on its way for some microtasks, in which custody's last record can go.
    rememberLeft: assign(({ context }) => ({ disposal: context.isGone ? "gone" : (context.disposal ?? "leaked") })),

    armLifetime: enqueueActions(({ context, enqueue }) => {
      const { maxLifetimeMs } = context.timings;
      if (maxLifetimeMs > 0) enqueue(raise({ type: "LIFETIME" }, { id: "lifetime", delay: maxLifetimeMs }));
    }),
    disarmLifetime: cancel("lifetime"),
    armIdle: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== "RELEASE" && event.type !== "USED") return;
      enqueue(cancel("idle"));
      const delay = idleLeft(context, event.at);
      if (Number.isFinite(delay)) enqueue(raise({ type: "IDLE" }, { id: "idle", delay: Math.max(0, delay) }));
    }),
    disarmIdle: cancel("idle"),

    /** A new runtime waits until the former one is done or leaked: no second tree of a server before proof (I11). */
    startRuntime: enqueueActions(({ context, self, enqueue }) => {
      const former = Object.values(context.runtimes);
      if (context.current !== undefined || former.some(({ leaked }) => !leaked)) return;
      const id = `${context.id}/r${context.sequence + 1}`;
      const { servers, wanted, catalogue, port } = context;
      const leakedServers = former.flatMap((runtime) => runtime.leakedServers);
      enqueue.spawnChild("runtime", {
        id: actorOf(id),
        input: { id, servers, leakedServers, wanted, catalogue, port, parent: self },
      });
      enqueue.assign({
        current: id,
        sequence: context.sequence + 1,
        wanted: [],
        runtimes: { ...context.runtimes, [id]: { id, leakedServers: [], leaked: false } },
      });
    }),
    openServers: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== "OPEN") return;
      if (context.current !== undefined) enqueue.sendTo(actorOf(context.current), event);
      else enqueue.assign({ wanted: [...new Set([...context.wanted, ...event.servers])] });
    }),
    tellCurrent: enqueueActions(({ context, event, enqueue }) => {
      if (context.current === undefined) return;
      if (event.type === "RELOAD" || event.type === "TOOLS") enqueue.sendTo(actorOf(context.current), event);
    }),
    /** Each call begins and ends with one; who has no idle connections to close need not know. */
    tellUse: enqueueActions(({ context, event, enqueue }) => {
      if (context.current === undefined || event.type !== "USED") return;
      const hasIdleLimit = Object.values(context.servers).some(({ idleTimeoutMs }) => idleTimeoutMs > 0);
      if (hasIdleLimit) enqueue.sendTo(actorOf(context.current), event);
    }),
    tellRuntime: enqueueActions(({ context, event, enqueue }) => {
      const isForRuntime =
        event.type === "LOST" || event.type === "RETRY" || event.type === "FORGET" || event.type === "UNLEAKED";
      if (isForRuntime && context.runtimes[event.runtime] !== undefined) enqueue.sendTo(actorOf(event.runtime), event);
    }),
    closeCurrent: enqueueActions(({ context, enqueue }) => {
      if (context.current === undefined) return;
      enqueue.sendTo(actorOf(context.current), { type: "CLOSE" });
      enqueue.assign({ current: undefined });
    }),
    rememberLeak: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== "RUNTIME.LEAKED") return;
      const runtime = context.runtimes[event.id];
      if (runtime === undefined) return;
      const leaked = { ...runtime, leaked: true, leakedServers: event.servers };
      enqueue.assign({ runtimes: { ...context.runtimes, [event.id]: leaked } });
      if (context.current === undefined) return;
      for (const server of runtime.leakedServers.filter((each) => !event.servers.includes(each))) {
        enqueue.sendTo(actorOf(context.current), { type: "UNLEAKED", server });
      }
    }),
    collect: enqueueActions(({ context, event, enqueue }) => {
      const id = `${context.id}/${event.type.slice(doneEvent.length)}`;
      const runtime = context.runtimes[id];
      const output = outputOf<RuntimeOutput>(event);
      if (runtime === undefined || output === undefined) return;
      enqueue.stopChild(actorOf(id));
      const runtimes = without(context.runtimes, id);
      const current = context.current === id ? undefined : context.current;
      enqueue.assign({ runtimes, current, catalogue: { ...context.catalogue, ...output.catalogue } });
      if (current === undefined) return;
      for (const server of runtime.leakedServers) enqueue.sendTo(actorOf(current), { type: "UNLEAKED", server });
    }),
    collectFailed: enqueueActions(({ context, event, enqueue }) => {
      const id = `${context.id}/${event.type.slice(errorEvent.length)}`;
      if (context.runtimes[id] === undefined) return;
      const error = "error" in event ? event.error : undefined;
      enqueue(() => context.port.takeOverSession(error));
      enqueue.stopChild(actorOf(id));
      const runtimes = without(context.runtimes, id);
      enqueue.assign({ runtimes, current: context.current === id ? undefined : context.current });
    }),

    beginEnd: assign(({ context, event }) => ({ end: requestedEnd(context, event), wanted: [] })),
    reportEnd: ({ context }) => {
      if (context.end) context.port.endBegan(context.end);
    },
    fence: enqueueActions(({ context, enqueue }) => {
      if (context.current !== undefined) enqueue.sendTo(actorOf(context.current), { type: "FENCE" });
    }),
    hurry: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== "END" || event.deadline === undefined) return;
      const { at } = event;
      const deadline = stricter(context.budget?.deadline, event.deadline);
      if (deadline === context.budget?.deadline) return;
      const budget = budgetFor({ at, deadline, verifyMs: context.longestVerifyMs });
      enqueue.assign({ budget });
      enqueue(cancel("killBy"));
      enqueue(cancel("deadline"));
      enqueue(raise({ type: "KILL_BY" }, { id: "killBy", delay: budget.killBy - at }));
      enqueue(raise({ type: "DEADLINE" }, { id: "deadline", delay: budget.deadline - at }));
      for (const { id } of Object.values(context.runtimes))
        enqueue.sendTo(actorOf(id), { type: "HURRY", at, deadline });
    }),
    disarmBudget: enqueueActions(({ context, enqueue }) => {
      if (context.budget === undefined) return;
      enqueue(cancel("killBy"));
      enqueue(cancel("deadline"));
    }),
    abortCalls: ({ context }) => context.port.abortSessionCalls(),
  },
});
