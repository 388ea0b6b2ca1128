import { type AnyStateMachine, createMachine, setup } from "xstate";
import { describe, expect, it } from "vitest";
import { pictureGraph } from "../../src/diagrams/build-graph.js";
import { diagramFiles } from "../../src/diagrams/index.js";
import { machinePage } from "../../src/diagrams/machine-page.js";
import type { MachineModel } from "../../src/diagrams/machine-model.js";
import type { PictureNode } from "../../src/diagrams/picture-graph.js";
import { staysOf } from "../../src/diagrams/picture-view.js";
import { picturesOf } from "../../src/diagrams/pictures.js";
import { readMachine } from "../../src/diagrams/read-machine.js";
import { nodesOf, pathOf } from "../machines/machine-nodes.js";
import { foreignMachines } from "./support/foreign-machines.js";

describe.each(Object.entries<AnyStateMachine>(foreignMachines))("a machine with %s", (_name, machine) => {
  const model = readMachine(machine);
  const written = countIn(machine);

  it("should be drawn, with every state of its definition in a picture, the Mermaid text and the table", async () => {
    const files = await diagramFiles([{ machine }]);
    const textOf = (ending: string) =>
      files
        .filter(({ name }) => name.endsWith(ending))
        .map(({ text }) => text)
        .join("");
    const drawn = new Set([...textOf(".svg").matchAll(/data-state="([^"]*)"/g)].map(([, path]) => path));
    const paths = nodesOf(machine).map(pathOf);

    expect([...drawn].filter((path = "") => !paths.includes(path))).toEqual([]);
    expect(paths.filter((path) => !drawn.has(path))).toEqual([]);
    // Regions of the machine itself stand in a state of its name.
    const boxes = machine.root.type === "parallel" ? written.states : written.states - 1;
    expect(textOf(".mmd").match(/^ *state "/gm)).toHaveLength(boxes);
    expect(rowsAfter(textOf(`${machine.id}.md`), "## States")).toBe(written.states);
  });

  it("should have every transition of its definition in a picture and in the table", () => {
    const page = machinePage({ machine }, [machine.id]);

    expect(model.transitions).toHaveLength(written.transitions);
    expect(rowsAfter(page, "## Transitions")).toBe(written.transitions);
    expect(model.transitions.filter(({ id }) => !drawnIn(model).has(id))).toEqual([]);
  });
});

it("a picture should be valid XML, whatever its words: no character that it forbids, no half of one, no id twice", async () => {
  const description = `ends \u0000 \u0007 \uD800 \uFFFE, a <tag>,\n  two lines, ${"👩".repeat(99)}`;
  const states = { title: { description }, desc: {}, machine: {}, "a b": {}, a_b: {} };

  const files = await diagramFiles([{ machine: createMachine({ id: "odd", initial: "title", states }) }]);

  const svg = files.find(({ name }) => name === "odd.svg")?.text ?? "";
  expect(svg).toContain(">ends \uFFFD \uFFFD \uFFFD \uFFFD, a &lt;tag&gt;,");
  expect(svg.match(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u)).toBeNull();
  expect(svg.match(/\uFFFD/g)).toHaveLength(4);
  const ids = [...svg.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  expect(ids).toEqual([...new Set(ids)]);
});

it("a machine should be a click away from those it starts, where both are drawn", async () => {
  const child = createMachine({ id: "child", initial: "only", states: { only: {} } });
  const machine = setup({ actors: { worker: child, other: createMachine({ id: "stranger" }) } }).createMachine({
    id: "parent",
    initial: "busy",
    states: { busy: { invoke: { src: "worker" } } },
  });

  const files = await diagramFiles([{ machine }, { machine: child }]);

  const svg = files.find(({ name }) => name === "parent.svg")?.text;
  expect(svg).toMatch(/<a href="child.svg"><text[^>]*>worker<\/text><\/a>/);
  expect(svg).toMatch(/spawns machine[^<]*<\/text><text[^>]*>other</);
});

/** Counted in XState's own definition, not in what we read of it. */
function countIn(machine: AnyStateMachine) {
  const nodes = nodesOf(machine);
  const transitions = nodes.flatMap((node) => [...[...node.transitions.values()].flat(), ...(node.always ?? [])]);
  const defaults = nodes.filter(({ type, config }) => type === "history" && "target" in config);
  return { states: nodes.length, transitions: transitions.length + defaults.length };
}

function drawnIn(model: MachineModel): Set<string> {
  return new Set(
    picturesOf(model).flatMap((picture) => {
      const { nodes, edges } = pictureGraph(picture);
      const cards = nodes.flatMap(withInner).filter(({ kind }) => kind !== "outside");
      const listed = cards.flatMap(({ state }) => (state === undefined ? [] : staysOf(picture, state.path)));
      return [...listed, ...edges.flatMap(({ transitions }) => transitions)].map(({ id }) => id);
    }),
  );
}

function withInner(node: PictureNode): PictureNode[] {
  return [node, ...node.children.flatMap(withInner)];
}

function rowsAfter(page: string, heading: string): number {
  const [section = ""] = page.slice(page.indexOf(heading) + heading.length).split(/\n## /);
  return section.split("\n").filter((line) => line.startsWith("| ")).length - 2;
}
