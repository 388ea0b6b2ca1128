import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { apiPage } from "./api-page.js";

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
};

/** Source files by the path that imports them, as the package exports them. */
const entries = Object.fromEntries(
  Object.entries(manifest.exports).flatMap(([path, target]) =>
    typeof target === "string"
      ? []
      : [[manifest.name + path.slice(1), target.types.replace("./dist/", "src/").replace(/\.d\.ts$/, ".ts")]],
  ),
);

describe("docs/api.md", () => {
  const { text, undocumented } = apiPage(entries);

  it("should be made of the sources of every exported path", () => {
    expect(Object.values(entries).filter((file) => !existsSync(file))).toEqual([]);
  });

  it("should be what the docstrings say; `npm run docs` writes it anew", async () => {
    await expect(text).toMatchFileSnapshot("../../docs/api.md");
  });

  it("should say of every exported name what it is", () => {
    expect(undocumented).toEqual([]);
  });
});
