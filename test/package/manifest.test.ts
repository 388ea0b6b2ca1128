import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

interface Manifest {
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
}

it("a peer that is needed should be no dependency of development: npm leaves those out where OpenClaw installs its plugins", () => {
  const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
  const { devDependencies, peerDependencies, peerDependenciesMeta } = manifest;
  const needed = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true);

  expect(needed).toContain("@modelcontextprotocol/sdk");
  expect(needed.filter((name) => name in devDependencies)).toEqual([]);
});
