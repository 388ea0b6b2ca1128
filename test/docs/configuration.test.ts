import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ignoredFileFields, ignoredServerFields } from "../../src/config/foreign-fields.js";
import { readServers } from "../../src/config/read-servers.js";
import { codeBlocks } from "./code-blocks.js";

const page = readFileSync("docs/configuration.md", "utf8");

describe("docs/configuration.md", () => {
  it("should show a file that can be used", () => {
    const [example] = codeBlocks(page, "jsonc");
    const { problems, warnings, servers } = readServers(example?.code ?? "", { HOME: "/home/me" });
    expect({ problems, warnings }).toEqual({ problems: [], warnings: [] });
    expect(servers).toMatchObject({
      files: { args: ["-y", "@modelcontextprotocol/server-filesystem", "/home/me/notes"] },
      search: { url: "https://search.example/mcp" },
    });
  });

  it("should list every field that is ignored", () => {
    const section = page.slice(page.indexOf("| ignored"), page.indexOf("## Reload"));
    const listed = section.split("\n").flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)]);
    const known = [...Object.keys(ignoredServerFields), ...Object.keys(ignoredFileFields)];
    expect(new Set(listed.map(([, name]) => name))).toEqual(new Set(known));
  });
});
