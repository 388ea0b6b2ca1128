import { type MachineModel, type StateModel, stateAt, type TransitionModel } from "./machine-model.js";
import { guardText } from "./names.js";

/** A machine as text that GitHub and others draw by themselves. */
export function mermaidOf(model: MachineModel): string {
  const idOf = namer(model);
  const root = stateAt(model, "");
  const lines = [
    "stateDiagram-v2",
    ...(root.type === "parallel" ? wrapped(root, { model, idOf }) : inside(root, { model, idOf })),
    ...arrows(model, idOf),
    ...model.states.flatMap((state) => notes(state, { model, idOf })),
  ];
  return `${lines.join("\n")}\n`;
}

interface Names {
  readonly model: MachineModel;
  readonly idOf: (path: string) => string;
}

/** Regions can be written in a state only. */
function wrapped(root: StateModel, names: Names): string[] {
  const id = names.idOf("");
  return [`[*] --> ${id}`, ...declared(root, names)].map(indented);
}

function inside(state: StateModel, names: Names): string[] {
  const { model, idOf } = names;
  const children = state.children.map((path) => declared(stateAt(model, path), names));
  // Regions that are active together stand beside each other.
  if (state.type === "parallel")
    return children.flatMap((lines, index) => (index === 0 ? lines : ["--", ...lines])).map(indented);
  return [...state.initial.map((target) => `[*] --> ${idOf(target)}`), ...children.flat()].map(indented);
}

function declared(state: StateModel, names: Names): string[] {
  const { path, key, type, history, children } = state;
  const id = names.idOf(path);
  const title = type === "history" ? (history === "deep" ? "H*" : "H") : key;
  const invokes = state.invokes.map(({ src }) => ` (invokes ${src})`).join("");
  const declaration = `state "${escaped(title + invokes)}" as ${id}`;
  if (children.length > 0) return [`${declaration} {`, ...inside(state, names), "}"];
  return type === "final" ? [declaration, `${id} --> [*]`] : [declaration];
}

function arrows(model: MachineModel, idOf: Names["idOf"]): string[] {
  const labels = new Map<string, string[]>();
  for (const transition of model.transitions) {
    for (const target of transition.targets) {
      // The machine itself has no box; what leads on from every state begins at the point where everything begins.
      const isBox = transition.source !== "" || model.states[0]?.type === "parallel";
      const ends = `${isBox ? idOf(transition.source) : "[*]"} --> ${target === "" ? "[*]" : idOf(target)}`;
      labels.set(ends, [...(labels.get(ends) ?? []), escaped(transitionText(transition))]);
    }
  }
  return [...labels].map(([ends, texts]) => indented(`${ends} : ${texts.join("<br/>")}`));
}

/** Notes say what a state does without being left. */
function notes({ path }: StateModel, { model, idOf }: Names): string[] {
  const stays = model.transitions.filter(({ source, targets }) => source === path && targets.length === 0);
  const texts = stays.map((transition) => escaped(transitionText(transition)));
  if (texts.length === 0) return [];
  if (path === "") return texts.map((text) => indented(`%% in every state: ${text}`));
  return [`note right of ${idOf(path)}`, ...texts.map(indented), "end note"].map(indented);
}

/** A transition in one line. */
export function transitionText({ label, guard, actions }: TransitionModel): string {
  const condition = guard === undefined ? "" : ` [${guardText(guard)}]`;
  return `${label}${condition}${actions.length === 0 ? "" : ` / ${actions.join(", ")}`}`;
}

function namer(model: MachineModel): (path: string) => string {
  const ids = new Map<string, string>();
  for (const { path } of model.states) {
    const plain = path.replaceAll(/\W/g, "_") || "machine";
    ids.set(path, [...ids.values()].includes(plain) ? `${plain}_${ids.size}` : plain);
  }
  return (path) => ids.get(path) ?? "machine";
}

/** What has a meaning in Mermaid is written by its number. */
function escaped(text: string): string {
  return text.replaceAll(/[;:#{}<>"]/g, (character) => `#${character.codePointAt(0)};`);
}

function indented(line: string): string {
  return `  ${line}`;
}
