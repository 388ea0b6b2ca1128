import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath } from "../setup/chromium.js";

if (chromiumPath === undefined) console.warn("the pictures are not looked at in a browser: no Chromium is installed");

const folder = "docs/diagrams";
const pictures = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".svg"));

describe.runIf(chromiumPath !== undefined)("the pictures in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath ?? "", args: ["--no-sandbox", "--disable-gpu"] });
  });
  afterAll(() => browser.close());

  it.each(["light", "dark"] as const)(
    "should have every text within its box in the fonts of this machine, %s",
    async (colorScheme) => {
      const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 800 } });
      const wide: Record<string, string[]> = {};
      for (const name of pictures) {
        await page.setContent(readFileSync(join(folder, name), "utf8"));
        wide[name] = await page.evaluate(textsOutside);
      }
      await page.close();
      expect(wide).toEqual(Object.fromEntries(pictures.map((name) => [name, []])));
    },
  );

  it("should be light by day and dark by night, and fit the width of a phone", async () => {
    const grounds = [];
    for (const colorScheme of ["light", "dark"] as const) {
      const page = await browser.newPage({ colorScheme, viewport: { width: 390, height: 800 } });
      await page.setContent(
        `<style>svg{max-width:100%;height:auto}</style>${readFileSync(join(folder, "session.svg"), "utf8")}`,
      );
      grounds.push(await page.evaluate("getComputedStyle(document.querySelector('.page')).fill"));
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
      await page.close();
    }
    expect(grounds).toEqual(["rgb(246, 248, 250)", "rgb(13, 18, 25)"]);
  });
});

/** Runs in the page. Texts that stick out of the frame they are drawn into, or of the picture where they have none. */
const textsOutside = `[...document.querySelectorAll("text")].filter((text) => {
  const box = text.getBoundingClientRect();
  const frame = text.parentElement.querySelector(":scope > rect, :scope > path, :scope > circle") ?? document.querySelector(".page");
  const { left, right, top, bottom } = frame.getBoundingClientRect();
  return box.left < left - 1 || box.right > right + 1 || box.top < top - 3 || box.bottom > bottom + 3;
}).map((text) => text.textContent)`;
