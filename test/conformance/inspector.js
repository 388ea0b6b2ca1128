import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../fetched/packages.js";

const asked = [
  { what: "tools/list", args: ["--method", "tools/list"], says: '"test_simple_text"' },
  {
    what: "tools/call",
    args: ["--method", "tools/call", "--tool-name", "test_simple_text"],
    says: "This is a simple text response for testing.",
  },
  { what: "resources/list", args: ["--method", "resources/list"], says: '"test://static-text"' },
  {
    what: "resources/read, binary",
    args: ["--method", "resources/read", "--uri", "test://static-binary"],
    says: '"blob"',
  },
  {
    what: "resources/templates/list",
    args: ["--method", "resources/templates/list"],
    says: "test://template/{id}/data",
  },
  { what: "prompts/list", args: ["--method", "prompts/list"], says: '"test_simple_prompt"' },
  {
    what: "prompts/get",
    args: ["--method", "prompts/get", "--prompt-name", "test_simple_prompt"],
    says: "This is a simple prompt for testing.",
  },
];

/** What the official inspector's command line is answered. */
export async function findings({ tools, gateway }) {
  const folder = tools.at("@modelcontextprotocol/inspector");
  const { bin } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const rows = [];
  for (const { what, args, says } of asked) {
    const connection = ["--cli", gateway.url, "--transport", "http"];
    const { stdout, stderr, code } = await run(tools.node, [join(folder, bin.inspector), ...connection, ...args]);
    const passed = code === 0 && stdout.includes(says);
    const detail = passed ? `answered with ${says}` : `exit code ${code}: ${stderr.slice(0, 200)}`;
    rows.push({
      what,
      outcome: passed ? "passed" : "failed",
      detail: detail.replaceAll("|", "\\|").replaceAll("\n", " "),
    });
  }
  return {
    title: `The official inspector's command line, ${tools.versions["@modelcontextprotocol/inspector"]}`,
    text: "`inspector --cli <url> --transport http --method …`, once each. It ends its sessions without a DELETE; they time out as `client-lost`.",
    rows,
  };
}
