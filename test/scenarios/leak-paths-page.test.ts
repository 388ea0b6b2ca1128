import { expect, test } from "vitest";
import { leakPathsPage } from "./support/leak-paths-page.js";

test("docs/leak-paths.md should say what the scenarios say; `npm run docs:leak-paths` writes it anew", async () => {
  await expect(leakPathsPage()).toMatchFileSnapshot("../../docs/leak-paths.md");
});
