import type { AnyStateMachine, AnyStateNode } from "xstate";
import type { DelayModel } from "./machine-model.js";

/** The delays of a machine, each once; those that are functions are asked with `context`, where one is given. */
export function delaysOf(
  nodes: readonly AnyStateNode[],
  machine: AnyStateMachine,
  context: unknown,
): readonly DelayModel[] {
  const written = nodes.flatMap(({ after }) => after.map(({ delay }) => delay));
  const delays = written.map((delay): [string, DelayModel] => {
    const name = delayName(delay);
    const known = typeof delay === "string" ? machine.implementations.delays[delay] : delay;
    return [name, { name, ms: msOf(known, context) }];
  });
  return [...new Map(delays).values()];
}

/** What readers call a delay. */
export function delayName(delay: unknown): string {
  if (typeof delay === "number") return `${delay} ms`;
  return typeof delay === "string" ? delay : "inline";
}

function msOf(delay: unknown, context: unknown): number | undefined {
  const ms = typeof delay === "function" ? asked(delay, context) : delay;
  return typeof ms === "number" ? ms : undefined;
}

/** The context is a guess: a machine that extends one of ours may want more than the input of ours has. */
function asked(delay: Function, context: unknown): unknown {
  if (context === undefined) return undefined;
  try {
    return delay({ context, event: { type: "" } });
  } catch {
    return undefined;
  }
}
