import type { AnyStateMachine } from "xstate";
import type { DelayNotes, TimerNote } from "./tables/delays.js";
import type { DeliberateIgnore } from "./tables/events.js";

/** A machine, and what its definition cannot say. */
export interface DocumentedMachine {
  readonly machine: AnyStateMachine;
  /** What an actor of it is made with; delays that are functions are asked with the context this makes. */
  readonly input?: unknown;
  /** Events that it does nothing with, and why that is right. */
  readonly ignores?: readonly DeliberateIgnore[];
  readonly delayNotes?: DelayNotes;
  /** Timers that its actions arm. */
  readonly timers?: readonly TimerNote[];
  /** The ends whose longest time is computed. Default: from each state tagged `terminal` to one tagged `leaked` or a final one. */
  readonly ends?: readonly DocumentedEnd[];
}

/** A way through a machine whose longest time readers want to know. */
export interface DocumentedEnd {
  readonly title: string;
  readonly from: string;
  readonly until: readonly string[];
  /** What the actor is made with, where that is not the machine's own `input`. */
  readonly input?: unknown;
  readonly note?: string;
}
