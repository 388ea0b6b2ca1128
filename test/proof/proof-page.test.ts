import { expect, test } from "vitest";
import { proofPage } from "./proof-page.js";

test("docs/proof.md should say what was measured last; `npm run docs:proof` measures and writes it anew", async () => {
  await expect(proofPage()).toMatchFileSnapshot("../../docs/proof.md");
});
