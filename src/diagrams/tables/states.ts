import type { MachineModel, StateModel } from "../machine-model.js";
import { fileNameOf } from "../pictures.js";
import { code, codes, prose, table } from "./markdown.js";

/** Every state, with what it is and does. */
export function statesTable(model: MachineModel): string {
  const head = ["state", "what it is", "on entry", "on exit", "invokes", "tags"];
  const rows = model.states.map((state) => [
    `${state.path === "" ? `the machine, ${code(model.id)}` : code(state.path)}${typeText(state)}`,
    prose(state.description),
    codes(state.entry),
    codes(state.exit),
    codes(state.invokes.map(({ src }) => src)),
    [codes(state.tags), state.meta === undefined ? "" : `meta ${code(state.meta)}`].filter(Boolean).join("; "),
  ]);
  return table(head, rows);
}

/** What its actions spawn, with a link to the pictures of those that are drawn. */
export function spawnsText({ spawns, drawn }: MachineModel): string {
  if (spawns.length === 0) return "";
  const names = spawns.map(({ src, machine }) =>
    machine !== undefined && drawn.includes(machine) ? `[${code(src)}](${fileNameOf(machine)}.md)` : code(src),
  );
  return `Its actions spawn ${names.join(", ")}.`;
}

function typeText({ type, history, hasOutput, initial }: StateModel): string {
  if (type === "final") return hasOutput ? ", final, with an output" : ", final";
  if (type === "history") return `, ${history ?? "shallow"} history`;
  if (type === "parallel") return ", all its states at once";
  return type === "compound" ? `, begins in ${codes(initial)}` : "";
}
