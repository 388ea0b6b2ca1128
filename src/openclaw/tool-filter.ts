import type { ToolFilter } from "./catalog-interface.js";

/** Whether a tool is shown: it matches an `include`, if there are any, and no `exclude`. `*` stands for any text. */
export function isShown({ include, exclude }: ToolFilter, tool: string): boolean {
  const matches = (pattern: string) => toExpression(pattern.trim()).test(tool);
  return (include.length === 0 || include.some(matches)) && !exclude.some(matches);
}

function toExpression(pattern: string): RegExp {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`, "s");
}
