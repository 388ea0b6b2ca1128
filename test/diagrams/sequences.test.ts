import { expect, it } from "vitest";
import { placeSequence } from "../../src/diagrams/sequence.js";
import { sequenceSvg } from "../../src/diagrams/sequence-svg.js";
import { endsPage } from "./sequences/ends-page.js";
import { record } from "./sequences/record.js";
import { scenes } from "./sequences/scenes.js";
import { intersect } from "./support/geometry.js";

const folder = "../../docs/diagrams/ends";
const sequences = await Promise.all(scenes.map(record));

it.each(sequences)("$title: should end with a proof, and be as it is committed", async (sequence) => {
  expect(
    sequence.steps.filter(({ kind, text }) => kind === "state" && text === "proved gone: nothing left"),
  ).not.toEqual([]);
  // `npm run docs` writes it anew.
  await expect(sequenceSvg(sequence)).toMatchFileSnapshot(`${folder}/${sequence.name}.svg`);
});

it.each(sequences)("$name should have no text over another text or over somebody's line", (sequence) => {
  const { steps, columns, width } = placeSequence(sequence);
  const faults = steps.flatMap(({ text, step }) => [
    ...steps
      .filter((other) => other.text !== text && intersect(other.text, text))
      .map((other) => `${step.text} is over ${other.step.text}`),
    ...columns
      .filter(({ x, actor }) => (step.kind === "message" || step.of !== actor) && x > text.x && x < text.x + text.width)
      .map(({ actor }) => `${step.text} is over the line of ${actor}`),
    ...(text.x < 70 || text.x + text.width > width ? [`${step.text} is outside`] : []),
  ]);
  expect(faults).toEqual([]);
});

it("docs/diagrams/ends/README.md should list them", async () => {
  await expect(endsPage(sequences)).toMatchFileSnapshot(`${folder}/README.md`);
});
