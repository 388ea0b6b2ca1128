/** A table; cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "None.";
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.map(cell).join(" | ")} |`);
  // Columns as wide as their longest cell would be nobody's to read.
  return ["<!-- prettier-ignore-start -->", "", ...lines, "", "<!-- prettier-ignore-end -->"].join("\n");
}

/** Names, each as code. */
export function codes(names: readonly string[]): string {
  return names.map(code).join(", ");
}

export function code(name: string): string {
  return name === "" ? "" : `\`${name}\``;
}

/** Words of a definition: plain text, no Markdown or HTML. */
export function prose(text: string | undefined): string {
  return (text ?? "").replaceAll("<", "&lt;");
}

/** Milliseconds as people read them. */
export function msText(ms: number | undefined): string {
  if (ms === undefined) return "known when it runs";
  return Number.isFinite(ms) ? `${String(Math.round(ms)).replaceAll(/\B(?=(\d{3})+$)/g, " ")} ms` : "no limit";
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ");
}
