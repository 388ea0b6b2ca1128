import type { AnyActorRef, AnyMachineSnapshot } from "xstate";
import { type ConnectionContext, sessionMachine } from "../../../src/machines/index.js";

/**
 * The actor of the session that `make` makes. Nobody outside the session's handle can reach it, and rightly so; XState shows each
 * machine the actor that it begins to run.
 */
export function sessionActorOf<T>(make: () => T): { readonly made: T; readonly actor: AnyActorRef } {
  const begin = sessionMachine.getInitialSnapshot.bind(sessionMachine);
  const actors: AnyActorRef[] = [];
  sessionMachine.getInitialSnapshot = (scope, input) => {
    actors.push(scope.self);
    return begin(scope, input);
  };
  try {
    const made = make();
    const [actor] = actors;
    if (actor === undefined) throw new TypeError("no session was made");
    return { made, actor };
  } finally {
    // What is left is the machine's own.
    Reflect.deleteProperty(sessionMachine, "getInitialSnapshot");
  }
}

/** The actors of machines below one, parents first. */
export function machinesBelow(actor: AnyActorRef): readonly AnyActorRef[] {
  const { children } = actor.getSnapshot() as AnyMachineSnapshot;
  const machines = Object.values(children ?? {}).filter(
    (child): child is AnyActorRef => child !== undefined && "value" in (child as AnyActorRef).getSnapshot(),
  );
  return machines.flatMap((child) => [child, ...machinesBelow(child)]);
}

/** What a connection's machine is about: its state, and which visit of it this is. */
export function stageOf(session: AnyActorRef, connection: string): { readonly state: string; readonly visit: string } {
  const snapshots = machinesBelow(session).map((actor) => actor.getSnapshot() as AnyMachineSnapshot);
  const found = snapshots.find(({ context }) => (context as { id?: string }).id === connection);
  if (found === undefined) return { state: "", visit: "" };
  const { failedReleases, kills } = found.context as ConnectionContext;
  const state = JSON.stringify(found.value);
  return { state, visit: `${state} ${failedReleases} ${kills}` };
}
