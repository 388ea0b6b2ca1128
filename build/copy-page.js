// The compiler copies no HTML and no styles; the page's scripts are for browsers, and go as they are.
import { cpSync } from "node:fs";

const folder = "gateway/page/browser";
cpSync(new URL(`../src/${folder}`, import.meta.url), new URL(`../dist/${folder}`, import.meta.url), {
  recursive: true,
});
