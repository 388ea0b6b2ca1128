import { readdirSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostileServer } from "../../src/testing/hostile/index.js";
import { createWitness, type Witness } from "../../src/testing/witness/index.js";
import { until } from "../real/support/until.js";
import { chromiumPath } from "../setup/chromium.js";
import { startGateway, type TestGateway } from "./support/test-gateway.js";

if (chromiumPath === undefined) console.warn("the page is not tested in a browser: no Chromium is installed");

const token = "t0ken-of-the-gateway";
const secret = "s3cr3t-of-the-server";

describe("the page at /", () => {
  it("should be served without the token, with every file of it, and let nothing in from elsewhere", async () => {
    await using gateway = await startGateway({ servers: {}, token });
    const paths = ["/", ...readdirSync("src/gateway/page/browser").map((name) => `/page/${name}`)];
    for (const path of paths.filter((one) => one !== "/page/page.html")) {
      const response = await fetch(new URL(path, gateway.url));
      expect(response.status, path).toBe(200);
      expect(response.headers.get("content-security-policy"), path).toMatch(/^default-src 'none'; script-src 'self'; /);
      expect(await response.text(), path).not.toContain(token);
    }
  });
});

describe.runIf(chromiumPath !== undefined && process.platform === "linux")("the page in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: chromiumPath ?? "",
      args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
    });
  });
  afterAll(() => browser.close());

  it("should show a session, its processes and its place in the machine, then its receipt, and nothing secret", async () => {
    const witness = await createWitness();
    await using gateway = await startGateway({ servers: { helpful: serverWith(witness) }, token });
    const { page, faults } = await open(browser, gateway, { width: 1280, height: 900 });
    await page.fill("#token", token);
    await page.click("#sign-in button");
    await page.waitForSelector(".empty >> text=No client is connected.");

    const front = await gateway.connect();
    await page.locator("[data-session] .empty >> text=It uses no server at the moment.").waitFor({ timeout: 10_000 });
    await front.client.listTools();

    const session = page.locator("[data-session]");
    await session.locator("text=front").waitFor();
    const pid = gateway.gateway.overview().sessions[0]?.connections[0]?.pid;
    await session.locator(`.tree .pid >> text="${pid}"`).waitFor();
    await until(async () => (await session.locator(".tree .process").count()) > 1, "the helper is not shown");
    await page.locator('.picture .chip.here[data-state="active.live.idle"]').waitFor();
    expect(await page.locator(".picture .count.small text").allTextContents()).toEqual(["1"]);
    expect(await page.locator("#states").textContent()).toContain("active.live.idle 1");

    await front.transport.terminateSession();

    const receipt = page.locator("[data-receipt]");
    await receipt.locator("text=ended: deleted").waitFor();
    expect(await receipt.locator(".state").allTextContents()).toEqual(["closed", "closed"]);
    expect(await receipt.locator(".timeline .step").count()).toBeGreaterThan(0);
    await page.locator('.picture .card.here[data-state="closed"]').waitFor();
    await page.waitForSelector(".empty >> text=No client is connected.");

    await page.reload();
    await receipt.waitFor();
    const shown = await page.content();
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain(token);
    expect(shown, "the id that a client's session is used with").not.toContain(front.id);
    expect(faults()).toEqual([]);
    await page.close();
    await witness.dispose();
  });

  it("should refuse a wrong token, fit a small screen, and say that the gateway is gone", async () => {
    const gateway = await startGateway({ servers: {}, token });
    const { page } = await open(browser, gateway, { width: 390, height: 844 });
    await page.fill("#token", "another");
    await page.click("#sign-in button");
    await page.waitForSelector("text=The gateway refused this token.");
    await page.fill("#token", token);
    await page.press("#token", "Enter");
    await page.locator("#numbers").waitFor();
    // Text, because the page's own types are not those of a test.
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);

    await gateway[Symbol.asyncDispose]();
    await page.waitForSelector(".status.lost");
    await page.close();
  });
});

function serverWith(witness: Witness) {
  const { command, args, env } = hostileServer("helper-detached", { witness });
  const lifecycle = { inputEndedMs: 200, terminatingMs: 500 };
  return { command, args, env: { ...env, KEY: secret }, lifecycle };
}

/** What the browser complained of, and asked for anywhere else. */
async function open(browser: Browser, { url }: TestGateway, viewport: { width: number; height: number }) {
  const page: Page = await browser.newPage({ viewport });
  const faults: string[] = [];
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("request", (request) => new URL(request.url()).origin !== url.origin && faults.push(request.url()));
  await page.goto(new URL("/", url).href);
  await page.locator("#sign-in").waitFor();
  return { page, faults: () => faults };
}
