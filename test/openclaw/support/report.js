import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { cacheFolder } from "./packages.js";

const path = fileURLToPath(new URL("../../../docs/integration-openclaw.md", import.meta.url));
const begin = "<!-- measured: begin (written by `npm run test:openclaw -- --update`) -->";
const end = "<!-- measured: end -->";

/** The results as Markdown tables: with and without the plugin side by side. */
export function tables(results) {
  return [endsTable(results), killTable(results), memoryTable(results)].filter((text) => text !== "").join("\n\n");
}

/** What was measured so far, this time and earlier: a scenario at a time takes minutes. A later result takes the place of an earlier one. */
export async function remember(result) {
  const known = await remembered();
  const isOther = ({ version, name, withPlugin }) =>
    version !== result.version || name !== result.name || withPlugin !== result.withPlugin;
  await writeFile(resultsFile, JSON.stringify([...known.filter(isOther), result]));
}

/** In the order of the versions, without before with. */
export async function remembered() {
  const results = JSON.parse(await readFile(resultsFile, "utf8").catch(() => "[]"));
  return results.toSorted((a, b) => byVersion(a, b) || Number(a.withPlugin) - Number(b.withPlugin));
}

const byVersion = (a, b) => a.version.localeCompare(b.version, "en", { numeric: true });
const resultsFile = join(cacheFolder, "results.json");

/** Puts the tables between the marks of the page. Rejects if the marks are not there. */
export async function writeReport(results) {
  const page = await readFile(path, "utf8");
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error("docs/integration-openclaw.md has no marks to write between");
  const written = `${page.slice(0, from)}${begin}\n\n${tables(results)}\n\n${page.slice(to)}`;
  await writeFile(path, await format(written, { ...(await resolveConfig(path)), filepath: path }));
}

/** A column for each version without and with the plugin. */
function columnsOf(results, name) {
  return results
    .filter((result) => result.name === name)
    .map((result) => ({ head: `${result.version} ${result.withPlugin ? "with" : "without"}`, result }));
}

function table(firstHead, columns, rows) {
  const head = [firstHead, ...columns.map((column) => column.head)];
  const cell = (value) => String(value).replaceAll("|", String.raw`\|`);
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.map(cell).join(" | ")} |`).join("\n");
}

function endsTable(results) {
  const columns = columnsOf(results, "ends");
  if (columns.length === 0) return "";
  const rows = columns[0].result.rows.map(({ what }, index) => [
    what,
    ...columns.map(({ result }) => result.rows[index].alive),
  ]);
  const answers = ["answers", ...columns.map(({ result }) => [...new Set(result.answers)].join("; "))];
  return table("processes of servers alive after", columns, [...rows, answers]);
}

function killTable(results) {
  const columns = columnsOf(results, "kill");
  if (columns.length === 0) return "";
  const text = ({ alive, tookMs }) => (tookMs === undefined ? `${alive}, for good` : `0 after ${tookMs} ms`);
  return table("", columns, [
    ["one session", ...columns.map(({ result }) => result.before)],
    ["SIGKILL of the gateway", ...columns.map(({ result }) => text(result))],
  ]);
}

function memoryTable(results) {
  const columns = columnsOf(results, "memory");
  if (columns.length === 0) return "";
  const mib = ({ bytes }) => `${Math.round(bytes / 2 ** 20)} MiB`;
  return table("sessions with one server each", columns, [
    ["sessions", ...columns.map(({ result }) => result.sessions)],
    ["their servers' processes", ...columns.map(({ result }) => result.servers)],
    ["processes started for them in all", ...columns.map(({ result }) => result.processes)],
    ["their memory (PSS)", ...columns.map(({ result }) => mib(result))],
  ]);
}
