import { isWithin, type MachineModel, parentOf, type StateModel, type TransitionModel } from "../machine-model.js";
import { eventLabel, guardText } from "../names.js";
import { code, codes, table } from "./markdown.js";

/** An event that states do nothing with, on purpose. A state stands for all that are in it. */
export interface DeliberateIgnore {
  readonly event: string;
  readonly states: readonly string[];
  readonly why: string;
}

/** What each event does in each state that a machine can rest in; states in which it does the same share a row. */
export function eventsTable(model: MachineModel, ignores: readonly DeliberateIgnore[] = []): string {
  const states = model.states.filter((state) => isRestingPlace(state, model));
  const rows = eventsOf(model).flatMap((event) => {
    const byOutcome = new Map<string, string[]>();
    for (const { path } of states) {
      const outcome = outcomeOf(model, { event, path, ignores });
      byOutcome.set(outcome, [...(byOutcome.get(outcome) ?? []), path]);
    }
    return [...byOutcome].map(([outcome, paths]) => [code(labelOf(event)), codes(shortened(paths, states)), outcome]);
  });
  return table(["event", "in", "what happens"], rows);
}

/** The events that somebody sends; those XState makes are in the table of transitions. */
function eventsOf({ transitions }: MachineModel): string[] {
  const events = transitions.filter(({ kind }) => kind === "event").map(({ event }) => event);
  const sent = [...new Set(events)].filter((event) => !event.startsWith("xstate."));
  return [...sent.filter((event) => event !== "*"), ...sent.filter((event) => event === "*")];
}

function labelOf(event: string): string {
  return eventLabel(event, { delay: undefined, srcOf: (id) => id }).label;
}

function isRestingPlace({ children, type, path }: StateModel, { transitions }: MachineModel): boolean {
  const isLeftAtOnce = transitions.some(({ source, kind, guard }) => source === path && kind === "always" && !guard);
  return children.length === 0 && type === "atomic" && !isLeftAtOnce;
}

function outcomeOf(
  model: MachineModel,
  { event, path, ignores }: { event: string; path: string; ignores: readonly DeliberateIgnore[] },
): string {
  const candidates = candidatesOf(model, event, path);
  if (candidates.length > 0) return choicesIn(candidates).map(outcomeText).join("; else ");
  const ignore = ignores.find((row) => row.event === event && row.states.some((state) => isWithin(path, state)));
  return ignore === undefined ? "not handled" : `ignored: ${ignore.why}`;
}

/** Those that may be taken, innermost first; none after one without a guard. */
function candidatesOf({ transitions }: MachineModel, event: string, path: string): TransitionModel[] {
  const found: TransitionModel[] = [];
  for (let at: string | undefined = path; at !== undefined; at = parentOf(at)) {
    const own = transitions.filter(({ source, kind }) => source === at && kind === "event");
    const matching = own.filter((each) => isMatch(event, each.event));
    // The narrowest first; those of one event in the order of the definition.
    for (const each of matching.toSorted((a, b) => b.event.length - a.event.length)) {
      found.push(each);
      if (each.guard === undefined) return found;
    }
  }
  return found;
}

/** A prefix with `.*` stands for itself, too. */
function isMatch(event: string, descriptor: string): boolean {
  if (descriptor === event || descriptor === "*") return true;
  return descriptor.endsWith(".*") && `${event}.`.startsWith(descriptor.slice(0, -1));
}

/** What one guard decides by its parameter is one choice. */
function choicesIn(candidates: readonly TransitionModel[]): TransitionModel[] {
  const choices: TransitionModel[] = [];
  for (const candidate of candidates) {
    const last = choices.at(-1);
    if (last === undefined || !isSameChoice(last, candidate)) choices.push(candidate);
    else choices[choices.length - 1] = { ...last, targets: [...last.targets, ...candidate.targets] };
  }
  return choices;
}

function isSameChoice(a: TransitionModel, b: TransitionModel): boolean {
  const isOfGuard = a.source === b.source && a.guard?.name === b.guard?.name && a.guard?.params !== b.guard?.params;
  return isOfGuard && a.actions.join() === b.actions.join();
}

function outcomeText(transition: TransitionModel): string {
  const { targets, actions, guard } = transition;
  if (targets.length > 1 && guard !== undefined) {
    const chosen = targets.map((target) => code(target)).join(" or ");
    return [`by ${code(guard.name)} to ${chosen}`, codes(actions)].filter(Boolean).join(", ");
  }
  const condition = guard === undefined ? "" : `if ${code(guardText(guard))}: `;
  const to = targets.length === 0 ? "" : `to ${codes(targets)}`;
  const done = codes(actions);
  if (to === "" && done === "") return `${condition}ignored`;
  return `${condition}${[to, done].filter(Boolean).join(", ")}`;
}

/** A state in which all inner ones do the same stands for them. */
function shortened(paths: readonly string[], states: readonly StateModel[]): string[] {
  const short: string[] = [];
  for (const path of paths) {
    if (short.some((each) => isWithin(path, each))) continue;
    let widest = path;
    for (let at = parentOf(path); at !== undefined && at !== ""; at = parentOf(at)) {
      const around = at;
      const inner = states.filter((state) => isWithin(state.path, around));
      if (inner.length > 1 && inner.every((state) => paths.includes(state.path))) widest = around;
    }
    short.push(widest);
  }
  return short;
}
