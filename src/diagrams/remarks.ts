import type { MachineModel } from "./machine-model.js";

/** What readers of its pictures will miss: descriptions, and names of guards and actions. */
export function remarksOn({ id, states, inline }: MachineModel): string[] {
  const silent = states.filter(({ description, type }) => description === undefined && type !== "history");
  return [
    ...silent.map(({ path }) => `${id}: ${path === "" ? "the machine" : path} has no description`),
    ...inline.map((place) => `${id}: ${place}, which has no name in pictures and tables`),
  ];
}
