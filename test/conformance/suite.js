import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../fetched/packages.js";

/** What the official suite finds. */
export async function findings({ tools, gateway }) {
  const out = await mkdtemp(join(tmpdir(), "mcp-conformance-out-"));
  const program = join(tools.at("@modelcontextprotocol/conformance"), "dist/index.js");
  try {
    await run(tools.node, [program, "server", "--url", gateway.url, "--suite", "all", "--output-dir", out]);
    const rows = [];
    for (const folder of (await readdir(out)).sort()) rows.push(rowOf(folder, await checksIn(join(out, folder))));
    if (rows.length === 0) throw new Error("the conformance suite ran no scenario");
    return {
      title: `The official conformance suite, ${tools.versions["@modelcontextprotocol/conformance"]}`,
      text: "Every server scenario there is (`--suite all`). The tools, resources and prompts that it asks for are answered by `test/conformance/server.js`, a server on stdio that is ours; what it checks of HTTP, sessions, streams, and of what passes through, is the gateway's.",
      rows,
    };
  } finally {
    await rm(out, { recursive: true });
  }
}

async function checksIn(folder) {
  return JSON.parse(await readFile(join(folder, "checks.json"), "utf8"));
}

function rowOf(folder, checks) {
  const what = folder.replace(/^server-/, "").replace(/-\d{4}-\d\d-\d\dT.*$/, "");
  const judged = checks.filter(({ status }) => status !== "INFO");
  const bad = judged.filter(({ status }) => status !== "SUCCESS");
  const detail = bad
    .map(({ name, status, errorMessage }) => `${name}: ${status} ${errorMessage ?? ""}`.trim())
    .join("; ");
  const passed = `${judged.length - bad.length} of ${judged.length}`;
  if (bad.length === 0) return { what, outcome: "passed", detail: passed };
  return { what, outcome: "failed", detail: `${passed}; ${detail}` };
}
