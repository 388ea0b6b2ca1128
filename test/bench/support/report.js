import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { markdownTable } from "./table.js";

const path = fileURLToPath(new URL("../../../docs/benchmarks.md", import.meta.url));

/** Puts the rows between the marks that `docs/benchmarks.md` has for that group. Rejects if the marks are not there. */
export async function writeReport(group, rows) {
  const begin = `<!-- measured: ${group} (written by \`npm run bench\`) -->`;
  const end = `<!-- measured: end of ${group} -->`;
  const page = await readFile(path, "utf8");
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${path} has no marks to write between`);
  const machine = `Measured on ${availableParallelism()} cores (${process.platform} ${process.arch}) with Node ${process.version}.`;
  const written = `${page.slice(0, from)}${begin}\n\n${machine}\n\n${markdownTable(rows)}\n\n${page.slice(to)}`;
  await writeFile(path, await format(written, { ...(await resolveConfig(path)), filepath: path }));
}
