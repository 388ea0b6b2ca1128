import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import GithubSlugger from "github-slugger";
import { expect, it } from "vitest";

const pages = [
  "README.md",
  "CHANGELOG.md",
  ...readdirSync("docs", { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(md|svg)$/.test(path))
    .map((path) => join("docs", path)),
];

it.each(pages)("%s should have links that lead somewhere, to headings and pictures that are there", (page) => {
  expect(pages.length).toBeGreaterThan(15);
  expect(linksOf(page).flatMap((link) => faultOf(link, page))).toEqual([]);
});

function faultOf(link: string, page: string): string[] {
  if (/^[a-z]+:/.test(link)) return [];
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : normalize(join(dirname(page), decodeURIComponent(path)));
  if (!existsSync(target)) return [`${link}: there is no ${target}`];
  if (anchor === undefined || statSync(target).isDirectory()) return [];
  return headingsOf(target).has(anchor) ? [] : [`${link}: ${target} has no such heading`];
}

function linksOf(page: string): string[] {
  const prose = proseOf(page).replaceAll(/`[^`\n]*`/g, "");
  const inline = [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map(([, link = ""]) => link);
  const html = [...prose.matchAll(/(?:src|href|srcset)="([^"]+)"/g)].map(([, link = ""]) => link);
  return [...inline, ...html];
}

function headingsOf(page: string): Set<string> {
  const slugger = new GithubSlugger();
  const headings = [...proseOf(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) => heading);
  return new Set(headings.map((heading) => slugger.slug(heading.replaceAll(/[`*]|\]\([^)]*\)|\[/g, ""))));
}

/** Without what stands in fences. */
function proseOf(page: string): string {
  return readFileSync(page, "utf8").replaceAll(/^(`{3,}).*\n[\s\S]*?^\1$/gm, "");
}
