import type { Refusal, Route } from "./exchange.js";

/** Finds what answers a path. */
export class Routes {
  readonly #routes: readonly { readonly route: Route; readonly segments: readonly string[] }[];

  /** Where two are alike, the first one answers. */
  constructor(routes: readonly Route[]) {
    this.#routes = routes.map((route) => ({ route, segments: segmentsOf(route.path) }));
  }

  find(method: string, path: string): FoundRoute | { readonly refusal: Refusal } {
    const asked = segmentsOf(path);
    const found = this.#routes.flatMap(({ route, segments }) => {
      const params = match(segments, asked);
      return params === undefined ? [] : [{ route, params }];
    });
    const answering = found.find(({ route }) => route.method === method);
    if (answering !== undefined) return answering;
    return { refusal: found.length === 0 ? unknownPath : otherMethod(found.map(({ route }) => route.method)) };
  }
}

export interface FoundRoute {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

const unknownPath: Refusal = { status: 404, code: "NOT_FOUND", message: "nothing is here; MCP is at /mcp" };

function otherMethod(methods: readonly string[]): Refusal {
  const allowed = [...new Set(methods)].join(", ");
  const message = `this path answers ${allowed}`;
  return { status: 405, code: "METHOD_NOT_ALLOWED", message, headers: { Allow: allowed } };
}

function segmentsOf(path: string): readonly string[] {
  return path.split("/").filter((segment) => segment !== "");
}

function match(pattern: readonly string[], asked: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== asked.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const actual = asked[index] ?? "";
    if (expected.startsWith(":")) params[expected.slice(1)] = decoded(actual);
    else if (expected !== actual) return undefined;
  }
  return params;
}

/** What is no valid encoding names nothing, and is nobody's error. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
