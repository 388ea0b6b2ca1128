import type { GuardModel, TransitionKind } from "./machine-model.js";

/** What a definition says of a guard or an action, in readers' words. */
export interface Named {
  readonly name: string;
  /** It is a function that the definition gives no name. */
  readonly isInline: boolean;
}

const higherGuards: Readonly<Record<string, string>> = { checkAnd: "and", checkOr: "or", checkNot: "not" };

/** A guard as it is written: by name, with parameters, made of others, or inline. */
export function guardOf(guard: unknown): (GuardModel & Named) | undefined {
  if (guard === undefined) return undefined;
  if (typeof guard === "string") return { name: guard, params: "", isInline: false };
  if (typeof guard === "object" && guard !== null && "type" in guard) {
    return {
      name: String(guard.type),
      params: paramsText("params" in guard ? guard.params : undefined),
      isInline: false,
    };
  }
  if (typeof guard !== "function") return { name: "?", params: "", isInline: true };
  if (!("check" in guard)) return { name: ownName(guard), params: "", isInline: true };
  return composedGuard(guard as ComposedGuard);
}

/** An action as it is written; `undefined` for those XState adds for delays. */
export function actionOf(action: unknown): Named | undefined {
  if (typeof action === "string") return { name: action, isInline: false };
  if (typeof action === "function" && !("type" in action)) return { name: ownName(action), isInline: true };
  if (!isTyped(action)) return { name: "?", isInline: true };
  if (isOfDelay(action)) return undefined;
  if (!action.type.startsWith("xstate.")) {
    const params = paramsText(action.params);
    return { name: params === "" ? action.type : `${action.type}(${params})`, isInline: false };
  }
  const name = action.type.slice("xstate.".length);
  const subject =
    typeof action.event === "object"
      ? action.event?.type
      : (action.src ?? action.sendId ?? action.actorId ?? action.actorRef);
  return { name: typeof subject === "string" ? `${name}(${subject})` : name, isInline: false };
}

/** What kind of event leads on, and what readers call it. `delay` and `srcOf` are what the definition knows more. */
export function eventLabel(
  event: string,
  { delay, srcOf }: { delay: string | undefined; srcOf: (id: string) => string },
): { kind: TransitionKind; label: string } {
  const after = (prefix: string) => (event.startsWith(prefix) ? event.slice(prefix.length) : undefined);
  const child = (id: string) => (id === "*" ? "any child" : srcOf(id));
  if (event === "") return { kind: "always", label: "always" };
  if (event === "*") return { kind: "event", label: "any other event" };
  if (event.startsWith("xstate.after.")) return { kind: "time", label: `after ${delay ?? "?"}` };
  const done = after("xstate.done.actor.");
  if (done !== undefined) return { kind: "done", label: `${child(done)} done` };
  const failed = after("xstate.error.actor.");
  if (failed !== undefined) return { kind: "error", label: `${child(failed)} failed` };
  if (event.startsWith("xstate.done.state.")) return { kind: "done", label: "its final state" };
  const snapshot = after("xstate.snapshot.");
  return { kind: "event", label: snapshot === undefined ? event : `${child(snapshot)} changed` };
}

interface ComposedGuard {
  readonly check: { readonly name: string };
  readonly guards?: readonly unknown[];
  readonly stateValue?: unknown;
}

interface TypedAction {
  readonly type: string;
  readonly params?: unknown;
  readonly event?: { readonly type?: unknown } | null | undefined;
  readonly id?: unknown;
  readonly src?: unknown;
  readonly sendId?: unknown;
  readonly actorId?: unknown;
  readonly actorRef?: unknown;
}

function composedGuard({ check, guards = [], stateValue }: ComposedGuard): GuardModel & Named {
  const parts = guards.map((each) => guardOf(each));
  const isInline = parts.some((part) => part?.isInline === true);
  const names = parts.map((part, index) => withBrackets(part === undefined ? "?" : guardText(part), guards[index]));
  const word = higherGuards[check.name];
  if (word === "not") return { name: `not ${names.join()}`, params: "", isInline };
  if (word !== undefined) return { name: names.join(` ${word} `), params: "", isInline };
  const value = typeof stateValue === "string" ? stateValue : jsonText(stateValue);
  return { name: `in ${value}`, params: "", isInline };
}

/** Within another one, what is joined by a word can be read in two ways. */
function withBrackets(text: string, guard: unknown): string {
  const isJoined =
    typeof guard === "function" && "check" in guard && /^check(And|Or)$/.test((guard as ComposedGuard).check.name);
  return isJoined ? `(${text})` : text;
}

/** A guard as text, with its parameters. */
export function guardText({ name, params }: GuardModel): string {
  return params === "" ? name : `${name}(${params})`;
}

/** A function is called after the property it was written into, which says nothing. */
function ownName({ name }: { readonly name: string }): string {
  return ["", "guard", "actions", "entry", "exit"].includes(name) ? "inline" : name;
}

function paramsText(params: unknown): string {
  if (params === undefined || params === null) return "";
  if (typeof params === "function") return "…";
  if (typeof params !== "object") return jsonText(params);
  return Object.values(params)
    .map((value) => (typeof value === "string" ? value : jsonText(value)))
    .join(", ");
}

/** A value as text; what JSON cannot say is left out. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "…";
  } catch {
    return "…";
  }
}

function isTyped(action: unknown): action is TypedAction {
  return (typeof action === "object" || typeof action === "function") && action !== null && "type" in action;
}

/** XState arms a delay with an entry action of its own and disarms it with an exit action. */
function isOfDelay({ type, id, sendId }: TypedAction): boolean {
  const name = type === "xstate.raise" ? id : type === "xstate.cancel" ? sendId : undefined;
  return typeof name === "string" && name.startsWith("xstate.after.");
}
