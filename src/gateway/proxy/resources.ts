import { UriTemplate } from "@modelcontextprotocol/sdk/shared/uriTemplate.js";
import { noSuchResource } from "../rpc-error.js";
import { listAll, listKinds, listPage, type Listed, type ListAsk } from "./lists.js";
import type { Result, Upstreams } from "./upstreams.js";

/** Addresses that came by in results; more than any client can have seen of late need not be known. */
const maxSeen = 10_000;

/**
 * Resources of all servers. Their URIs stay as they are, because texts and results hold them too; whose one is, is known from lists, from
 * links in results, from templates, and at last from its scheme, where one server alone uses that.
 */
export class Resources {
  readonly #upstreams: Upstreams;
  #owners = new Map<string, string>();
  #templates: readonly Template[] = [];
  #isListed = false;

  constructor(upstreams: Upstreams) {
    this.#upstreams = upstreams;
  }

  /** What two servers both list is the first one's, and is listed once. */
  async page(ask: ListAsk): Promise<Result> {
    const { items, nextCursor } = await listPage(this.#upstreams, { ...ask, kind: listKinds.resources });
    if (ask.cursor === undefined) this.#owners = new Map();
    const own = items.filter(({ server, item }) => this.#learn(server, item["uri"]) === server);
    return { resources: own.map(({ item }) => item), ...(nextCursor !== undefined && { nextCursor }) };
  }

  async templatePage(ask: ListAsk): Promise<Result> {
    const { items, nextCursor } = await listPage(this.#upstreams, { ...ask, kind: listKinds.templates });
    this.#templates = [...(ask.cursor === undefined ? [] : this.#templates), ...items.flatMap(templateOf)];
    return { resourceTemplates: items.map(({ item }) => item), ...(nextCursor !== undefined && { nextCursor }) };
  }

  /** Whose it is; lists once if need be. Rejects with the protocol's error if it is nobody's. */
  async owner(uri: unknown, ask: ListAsk): Promise<string> {
    if (typeof uri !== "string") throw noSuchResource(String(uri));
    const [only, ...others] = this.#upstreams.names;
    if (only !== undefined && others.length === 0) return only;
    const known = this.#find(uri);
    if (known !== undefined) return known;
    if (!this.#isListed) await this.#listAll(ask);
    const owner = this.#find(uri) ?? this.#byScheme(uri);
    if (owner === undefined) throw noSuchResource(uri);
    return owner;
  }

  /** A result of that server may link to resources that no list shows. */
  learnFrom(server: string, result: Result): void {
    for (const uri of linkedUris(result)) {
      if (this.#owners.size >= maxSeen) this.#owners.delete(this.#owners.keys().next().value ?? "");
      this.#learn(server, uri);
    }
  }

  /** Servers came, went or began anew: what is known of them is asked again when it is needed. */
  forget(): void {
    this.#owners = new Map();
    this.#templates = [];
    this.#isListed = false;
  }

  #learn(server: string, uri: unknown): string {
    const key = String(uri);
    const owner = this.#owners.get(key) ?? server;
    this.#owners.set(key, owner);
    return owner;
  }

  #find(uri: string): string | undefined {
    return this.#owners.get(uri) ?? this.#templates.find((template) => template.matches(uri))?.server;
  }

  #byScheme(uri: string): string | undefined {
    const scheme = schemeOf(uri);
    const seen = [...this.#owners, ...this.#templates.map(({ text, server }) => [text, server] as const)];
    const owners = new Set(seen.filter(([address]) => schemeOf(address) === scheme).map(([, server]) => server));
    const [only] = owners;
    return owners.size === 1 ? only : undefined;
  }

  async #listAll(ask: ListAsk): Promise<void> {
    const everything = { ...ask, cursor: undefined };
    const resources = await listAll(this.#upstreams, { ...everything, kind: listKinds.resources });
    for (const { server, item } of resources) this.#learn(server, item["uri"]);
    const templates = await listAll(this.#upstreams, { ...everything, kind: listKinds.templates });
    this.#templates = templates.flatMap(templateOf);
    this.#isListed = true;
  }
}

interface Template {
  readonly server: string;
  readonly text: string;
  matches(uri: string): boolean;
}

/** A template that cannot be read matches nothing but itself, which is how completion names it. */
function templateOf({ server, item }: Listed): readonly Template[] {
  const text = String(item["uriTemplate"]);
  try {
    const template = new UriTemplate(text);
    return [{ server, text, matches: (uri) => uri === text || template.match(uri) !== null }];
  } catch {
    return [{ server, text, matches: (uri) => uri === text }];
  }
}

function schemeOf(uri: string): string {
  return uri.slice(0, uri.indexOf(":") + 1).toLowerCase();
}

/** Links and embedded resources: in the content of a tool's result, and in the messages of a prompt. */
function linkedUris({ content, messages }: Result): readonly string[] {
  const said = Array.isArray(messages) ? messages.map((message: { content?: unknown }) => message?.content) : [];
  const blocks = [...(Array.isArray(content) ? content : []), ...said] as readonly unknown[];
  return blocks.flatMap((block) => {
    if (typeof block !== "object" || block === null) return [];
    const { uri, resource } = block as { uri?: unknown; resource?: { uri?: unknown } };
    return [uri, resource?.uri].filter((address) => typeof address === "string");
  });
}
