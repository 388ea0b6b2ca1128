import { leavesWithin, type MachineModel, stateAt } from "./machine-model.js";

/** One picture of a machine: a state with everything in it, or an overview of it. */
export interface Picture {
  /** Of its files, without the ending. */
  readonly name: string;
  readonly model: MachineModel;
  /** Path of the state it shows. */
  readonly scope: string;
  /** States within it whose inner states have a picture of their own. */
  readonly collapsed: ReadonlySet<string>;
}

/** Of a machine with more states than a reader takes in at once, each picture shows only a few. */
const mostOfMachine = 12;
const mostOfPart = 5;

/** The pictures of a machine: one, or where it has many states an overview and one for each state that has inner ones. */
export function picturesOf(model: MachineModel): Picture[] {
  if (leavesWithin(model, "").length > mostOfMachine) return picturesWithin(model, "");
  return [{ name: pictureName(model, ""), model, scope: "", collapsed: new Set() }];
}

/** Name of the picture that shows the inside of a state. */
export function pictureName(model: MachineModel, path: string): string {
  return fileNameOf(path === "" ? model.id : `${model.id}.${path}`);
}

/** Of the files of a machine with that id, without the ending. */
export function fileNameOf(id: string): string {
  return id.replaceAll(/[^\w.-]/g, "_");
}

function picturesWithin(model: MachineModel, scope: string): Picture[] {
  const name = pictureName(model, scope);
  const inner = stateAt(model, scope).children.filter((path) => stateAt(model, path).children.length > 0);
  if (leavesWithin(model, scope).length <= mostOfPart || inner.length === 0)
    return [{ name, model, scope, collapsed: new Set() }];
  const overview = { name, model, scope, collapsed: new Set(inner) };
  return [overview, ...inner.flatMap((path) => picturesWithin(model, path))];
}
