/** What XState calls the event that a child is done, or in error; the child's id follows. */
export const doneEvent = "xstate.done.actor.";
export const errorEvent = "xstate.error.actor.";

/** Hands an invoked actor its parent's context: the port to ask, and the id to ask with. */
export function fromContext<Context>({ context }: { context: Context }): Context {
  return context;
}

/** What an invoked or spawned actor gave, from the event that says it is done; `undefined` from any other event. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- XState types the output of these events as unknown
export function outputOf<Output>(event: object): Output | undefined {
  return "output" in event ? (event.output as Output) : undefined;
}
