import Table from "cli-table3";

const head = ["what", "compared with", "target", "measured", "met"];
const answers = new Map([
  [true, "yes"],
  [false, "no"],
]);
const cells = ({ what, comparedWith, target, measured, met }) => [
  what,
  comparedWith,
  target,
  measured,
  answers.get(met) ?? "",
];

/** Rows for a terminal. */
export function rowTable(rows) {
  const table = new Table({ head, colWidths: [38, 48, 18, 14, 6], wordWrap: true, style: { head: [], border: [] } });
  table.push(...rows.map(cells));
  return table.toString();
}

/** Rows for Markdown. */
export function markdownTable(rows) {
  const lines = [head, head.map(() => "---"), ...rows.map(cells)];
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}
