import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { sessionPicture } from "../../diagrams/session-picture.js";
import type { Exchange, Route } from "../http/exchange.js";

const files = [
  "page.css",
  "icon.svg",
  "main.js",
  "diagram.js",
  "element.js",
  "format.js",
  "gateway.js",
  "receipts.js",
  "sessions.js",
];

/**
 * The page at `/` and its files. They are everybody's to read, and hold nothing: what there is to see the page asks for with the token that
 * whoever looks gives it. Whether one is needed is said at once, so that nobody has to be refused first.
 */
export function pageRoutes({ needsToken }: { readonly needsToken: boolean }): readonly Route[] {
  const picture = sessionPicture();
  const page = readText("page.html")
    .replace("<!--picture-->", () => picture)
    .replace("<body>", needsToken ? "<body data-needs-token>" : "<body>");
  const policy = contentPolicy(picture);
  return [
    route("/", { body: page, type: "text/html", policy }),
    ...files.map((name) => route(`/page/${name}`, { body: readText(name), type: typeOf(name), policy })),
  ];
}

interface PageFile {
  readonly body: string;
  readonly type: string;
  readonly policy: string;
}

function route(path: string, { body, type, policy }: PageFile): Route {
  const bytes = Buffer.from(body);
  const headers = {
    "Content-Type": `${type}; charset=utf-8`,
    "Content-Length": bytes.length,
    "Content-Security-Policy": policy,
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
  };
  const answer = ({ response }: Exchange) => void response.writeHead(200, headers).end(bytes);
  return { method: "GET", path, isPublic: true, answer };
}

/** Nothing from elsewhere, nothing inline but the style that the picture brings. */
function contentPolicy(picture: string): string {
  const [, style = ""] = /<style>(.*?)<\/style>/s.exec(picture) ?? [];
  const hash = createHash("sha256").update(style).digest("base64");
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'sha256-${hash}'`,
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function typeOf(name: string): string {
  if (name.endsWith(".js")) return "text/javascript";
  return name.endsWith(".css") ? "text/css" : "image/svg+xml";
}

function readText(name: string): string {
  return readFileSync(new URL(`./browser/${name}`, import.meta.url), "utf8");
}
