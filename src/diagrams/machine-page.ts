import { initialTransition } from "xstate";
import type { DocumentedEnd, DocumentedMachine } from "./documented-machine.js";
import { longestWay, type Step, unlimited } from "./longest-way.js";
import { type MachineModel, stateAt } from "./machine-model.js";
import { type Picture, picturesOf } from "./pictures.js";
import { byShape } from "./same-shape.js";
import { readMachine } from "./read-machine.js";
import { delaysTable, timersTable } from "./tables/delays.js";
import { eventsTable } from "./tables/events.js";
import { code, msText, prose, table } from "./tables/markdown.js";
import { spawnsText, statesTable } from "./tables/states.js";
import { terminalTransitionsTable, transitionsTable } from "./tables/transitions.js";

/** The definitions of machines that are drawn together. */
export function modelsOf(machines: readonly DocumentedMachine[]): MachineModel[] {
  const drawn = machines.map(({ machine }) => machine.id);
  return machines.map((each) => modelOf(each, drawn));
}

/** The definition of a documented machine, its delays with their defaults. `drawn` are the machines that have pictures beside it. */
export function modelOf({ machine, input }: DocumentedMachine, drawn: readonly string[] = []): MachineModel {
  const [snapshot] = input === undefined ? [] : initialTransition(machine, input);
  return readMachine(machine, { context: snapshot?.context, drawn });
}

/** The page of a machine: its pictures and its tables, which reviewers compare. `drawn` are the machines that have one. */
export function machinePage(documented: DocumentedMachine, drawn: readonly string[]): string {
  const model = modelOf(documented, drawn);
  const { ignores, delayNotes, timers = [] } = documented;
  const root = stateAt(model, "");
  const sections = [
    `# The ${model.id} machine`,
    [prose(root.description), spawnsText(model)].filter(Boolean).join(" "),
    "This page is generated from the machine's definition. [How to read the pictures](README.md#how-to-read-them).",
    ...byShape(picturesOf(model)).map((alike) => pictureSection(alike)),
    "## Transitions",
    transitionsTable(model),
    "## What each event does in each state",
    "Only events that somebody sends; what a child, a delay or a condition does is above. States that do the same share a row.",
    eventsTable(model, ignores),
    "## Ways into a terminal state",
    terminalTransitionsTable(model),
    "## Delays",
    delaysTable(model, delayNotes),
    ...(timers.length === 0
      ? []
      : ["Armed by actions, because a deadline may come closer while they run:", timersTable(timers)]),
    "## How long an end takes",
    endsSection(documented, model),
    "## States",
    statesTable(model),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function pictureSection([{ name, scope, model, collapsed }, ...others]: readonly [Picture, ...Picture[]]): string {
  const title = scope === "" ? "## The picture" : `### Inside ${code(scope)}`;
  const more =
    collapsed.size === 0 ? "" : "\n\nStates whose inner states are listed in them have a picture of their own below.";
  const alt = `${scope === "" ? `The ${model.id} machine` : `Inside ${scope} of the ${model.id} machine`}; its transitions are in the table below`;
  const alike = others.map((other) => `[${code(other.scope)}](${other.name}.svg)`).join(", ");
  const same = alike === "" ? "" : `\n\nOf the same shape: ${alike}.`;
  return `${title}${more}\n\n[![${alt}](${name}.svg)](${name}.svg)${same}`;
}

function endsSection(documented: DocumentedMachine, model: MachineModel): string {
  const ends = documented.ends ?? endsOf(model);
  if (ends.length === 0) return "It has no end of its own that takes time; see the machines it belongs to.";
  return ends
    .map((end) => endText(end, end.input === undefined ? model : modelOf({ ...documented, input: end.input })))
    .join("\n\n");
}

function endText({ title, from, until, note }: DocumentedEnd, model: MachineModel): string {
  const { ms, steps, to } = longestWay(model, { from, until });
  const rows = [
    ...steps.map((step) => [code(step.state), code(step.delay), limitText(step.ms, [step])]),
    [`**to ${code(to)}**`, "**at most**", `**${limitText(ms, steps)}**`],
  ];
  return [`${title}:`, table(["state", "bounded by", "at most"], rows), note ?? ""].filter(Boolean).join("\n\n");
}

/** A delay that only a running machine knows is a limit all the same. */
function limitText(ms: number, steps: readonly Step[]): string {
  const unbounded = steps.filter((step) => !Number.isFinite(step.ms));
  const isKnownLater = unbounded.length > 0 && unbounded.every(({ delay }) => delay !== unlimited);
  return msText(isKnownLater ? undefined : ms);
}

/** Where nobody says otherwise: from each terminal state on. */
function endsOf({ states }: MachineModel): DocumentedEnd[] {
  const until = states.filter(
    ({ tags, type, parent }) => tags.includes("leaked") || (type === "final" && parent === ""),
  );
  return states
    .filter(({ tags, children }) => tags.includes("terminal") && children.length > 0)
    .map(({ path }) => ({ title: `From ${code(path)}`, from: path, until: until.map((state) => state.path) }));
}
