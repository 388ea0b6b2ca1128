import { type MachineModel, stateAt } from "./machine-model.js";
import { fileNameOf, picturesOf } from "./pictures.js";
import { prose } from "./tables/markdown.js";

/** The page that lists the machines. */
export function indexPage(models: readonly MachineModel[]): string {
  const machines = models.map((model) => {
    const pictures = picturesOf(model).map(
      ({ name, scope }) => `[${scope === "" ? "the machine" : scope}](${name}.svg)`,
    );
    const file = fileNameOf(model.id);
    return `- [The ${model.id} machine](${file}.md): ${prose(stateAt(model, "").description)} Pictures: ${pictures.join(", ")}. As [Mermaid](${file}.mmd).`;
  });
  return `# Diagrams

Generated from the machines as they run; nothing here is written by hand.

${machines.join("\n")}

## How to read them

[![Signs of the pictures: an arrow for events, a check for success, a cross for failure, a clock for time, an arrow down for conditions](legend.svg)](legend.svg)

- A card is a state: its name, what it is, what it invokes, what it does on entry and exit, and the events it answers without being left.
- A card with small frames in it has inner states, which have a picture of their own. A dotted card is in another picture.
- An edge says what leads on: event \`[guard] / actions\`. Where several states do the same, their edges meet in one label.
- A hexagon is a guard that decides by its parameter which of several states is entered.
- A dot is where a state with inner states begins. A double frame is final.
`;
}
