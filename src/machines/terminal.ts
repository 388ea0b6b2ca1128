import { fromContext } from "./mappers.js";
import { sessionSetup } from "./session-setup.js";
import { type EndReason, endReasons } from "./vocabulary.js";

/**
 * A terminal state of a session. There is no other way to make one, so none can be written that does not dispose. Not
 * `type: "final"`: XState never starts what a top-level final state invokes (design rule 1). End events are targetless here:
 * they join the end under way (rule 2).
 */
export function terminalState({ reason, description }: { reason: EndReason; description: string }) {
  return sessionSetup.createStateConfig({
    description,
    tags: ["terminal", "owns-transport"],
    entry: ["reportEnd", "fence", "hurry"],
    on: { END: { actions: "hurry" } },
    initial: "draining",
    states: {
      draining: {
        description:
          "Nothing new opens or is called. Calls in flight finish, or are aborted at the drain limit; leases do not count.",
        always: { guard: "hasNoCall", target: "disposing" },
        after: { drainLimit: { target: "disposing" } },
        on: { USED: { actions: "rememberUse" }, KILL_BY: { target: "disposing" } },
      },
      disposing: {
        description:
          "Every connection was told to close; left when custody holds nothing of this session and no runtime is left.",
        entry: ["abortCalls", "closeCurrent"],
        invoke: {
          id: "dispose",
          src: "dispose",
          input: fromContext,
          onDone: { actions: "rememberDisposal" },
          onError: { actions: "rememberDisposal" },
        },
        always: [
          { guard: "isProven", target: "proven" },
          { guard: "isLeaked", target: "leaked" },
        ],
        after: { disposeLimit: { target: "leaked" } },
        on: { DEADLINE: { target: "leaked" }, GONE: { actions: "rememberGone" } },
      },
      proven: {
        description: "Nothing is left, and it was looked at.",
        entry: "disarmBudget",
        always: { target: "#session.closed" },
      },
      leaked: {
        description: "Something could not be proved gone. It is retried; the proof that comes later leads on.",
        tags: ["leaked"],
        entry: ["disarmBudget", "rememberLeft"],
        // There is nothing left to hurry, and a deadline armed here would keep the host alive for nothing.
        on: { END: {}, GONE: { actions: ["rememberGone", "rememberLeft"] } },
        // Not "no runtime is left": what the net took from a machine in error belongs to no runtime.
        always: { guard: "isProven", target: "proven" },
      },
    },
    meta: { reason },
  });
}

/** The transitions into the four terminal states, for an event that may ask for an end; `then` runs on the way. */
export function endsIn(...then: ("removeLease" | "collectFailed")[]) {
  return endReasons.map((reason) => ({
    guard: { type: "endsAs" as const, params: { reason } },
    target: `#session.${reason}` as const,
    actions: ["beginEnd" as const, ...then],
  }));
}
