import type { MachineModel, StateModel, TransitionModel } from "../machine-model.js";
import { guardText } from "../names.js";
import { code, codes, table } from "./markdown.js";

/** Every transition, in the order of the definition. */
export function transitionsTable(model: MachineModel): string {
  const rows = model.transitions.map((transition) => [
    transition.source === "" ? "every state" : code(transition.source),
    ...whatHappens(transition),
    toText(transition),
  ]);
  return table(["from", "event", "guard", "actions", "to"], rows);
}

/** Every transition into a state that is terminal, final, or leaked, by that state. */
export function terminalTransitionsTable(model: MachineModel): string {
  const rows = model.states
    .filter((state) => isTerminal(state))
    .flatMap(({ path }) =>
      model.transitions
        .filter(({ targets }) => targets.includes(path))
        .map((transition) => [
          code(path),
          transition.source === "" ? "every state" : code(transition.source),
          ...whatHappens(transition),
        ]),
    );
  return table(["into", "from", "event", "guard", "actions"], rows);
}

function whatHappens({ label, guard, actions }: TransitionModel): string[] {
  return [code(label), guard === undefined ? "" : code(guardText(guard)), codes(actions)];
}

function toText({ targets, actions, reenter, source }: TransitionModel): string {
  if (targets.length === 0) return actions.length === 0 ? "nothing happens, on purpose" : "stays";
  return `${codes(targets)}${reenter && targets.includes(source) ? ", entered again" : ""}`;
}

function isTerminal({ type, tags, parent }: StateModel): boolean {
  return tags.includes("terminal") || tags.includes("leaked") || (type === "final" && parent === "");
}
