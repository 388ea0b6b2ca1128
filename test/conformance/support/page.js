import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";

const path = fileURLToPath(new URL("../../../docs/conformance.md", import.meta.url));
const begin = "<!-- found: begin (written by `npm run test:conformance`) -->";
const end = "<!-- found: end -->";

/** Puts what was found between the marks of `docs/conformance.md`. Rejects if they are not there. */
export async function writePage(sections) {
  const page = await readFile(path, "utf8");
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${path} has no marks to write between`);
  const written = `${page.slice(0, from)}${begin}\n\n${sections.map(section).join("\n\n")}\n\n${page.slice(to)}`;
  await writeFile(path, await format(written, { ...(await resolveConfig(path)), filepath: path }));
  for (const { title, rows } of sections) process.stdout.write(`${title}: ${counted(rows)}\n`);
}

function section({ title, text, rows }) {
  const table = ["| what | outcome | detail |", "| --- | --- | --- |", ...rows.map(line)];
  return [`## ${title}`, `${text} ${counted(rows)}.`, table.join("\n")].join("\n\n");
}

function line({ what, outcome, detail }) {
  return `| ${what} | ${outcome} | ${detail} |`;
}

function counted(rows) {
  const passed = rows.filter(({ outcome }) => outcome === "passed").length;
  return `${passed} of ${rows.length} passed`;
}
