import { ErrorCode } from "@modelcontextprotocol/sdk/types.js";
import { invalidParams, RpcError } from "../rpc-error.js";
import { listKinds } from "./lists.js";
import { type NamedItems, plainItems, prefixedItems } from "./named-items.js";
import type { Prefixes } from "./names.js";
import { Resources } from "./resources.js";
import type { Message, Result, Upstreams } from "./upstreams.js";
import type { Wishes } from "./wishes.js";

/** One request of a client, under way. */
export interface Ask {
  readonly signal: AbortSignal;
  /** It goes to that server: what the server asks and says meanwhile belongs to it. */
  readonly goesTo: (server: string) => void;
  readonly onFailure: (server: string, error: unknown) => void;
}

export interface RequestsParts {
  readonly upstreams: Upstreams;
  readonly wishes: Wishes;
  /** Absent where names are passed on as they are. */
  readonly prefixes: (() => Prefixes) | undefined;
}

type Params = Readonly<Record<string, unknown>>;

/** What a client may ask, and which server answers it. */
export class Requests {
  readonly #upstreams: Upstreams;
  readonly #wishes: Wishes;
  readonly #tools: NamedItems;
  readonly #prompts: NamedItems;
  readonly #resources: Resources;
  readonly #methods: Readonly<Record<string, (params: Params, ask: Ask) => Promise<Result>>>;

  constructor({ upstreams, wishes, prefixes }: RequestsParts) {
    this.#upstreams = upstreams;
    this.#wishes = wishes;
    const named = (kind: (typeof listKinds)["tools" | "prompts"]) =>
      prefixes === undefined ? plainItems(upstreams, kind) : prefixedItems(upstreams, kind, prefixes);
    this.#tools = named(listKinds.tools);
    this.#prompts = named(listKinds.prompts);
    this.#resources = new Resources(upstreams);
    this.#methods = {
      "tools/list": ({ cursor }, ask) => this.#tools.page({ ...ask, cursor }),
      "tools/call": (params, ask) => this.#callNamed(this.#tools, { method: "tools/call", params }, ask),
      "prompts/list": ({ cursor }, ask) => this.#prompts.page({ ...ask, cursor }),
      "prompts/get": (params, ask) => this.#callNamed(this.#prompts, { method: "prompts/get", params }, ask),
      "resources/list": ({ cursor }, ask) => this.#resources.page({ ...ask, cursor }),
      "resources/templates/list": ({ cursor }, ask) => this.#resources.templatePage({ ...ask, cursor }),
      "resources/read": (params, ask) => this.#ofResource({ method: "resources/read", params }, ask),
      "resources/subscribe": (params, ask) => this.#subscribe(params, ask),
      "resources/unsubscribe": (params, ask) => this.#unsubscribe(params, ask),
      "completion/complete": (params, ask) => this.#complete(params, ask),
      "logging/setLevel": (params, ask) => this.#setLevel(params, ask),
    };
  }

  /** Rejects with an error of the protocol, of the server that was asked, or of this library. */
  async answer({ method, params = {} }: Message, ask: Ask): Promise<Result> {
    const answer = Object.hasOwn(this.#methods, method) ? this.#methods[method] : undefined;
    if (answer === undefined) throw new RpcError(ErrorCode.MethodNotFound, `Method not found: ${method}`);
    return await answer(params, ask);
  }

  /** What was known of the servers may not hold any more. */
  forget(): void {
    this.#resources.forget();
  }

  async #callNamed(items: NamedItems, { method, params = {} }: Message, ask: Ask): Promise<Result> {
    const { server, name } = await items.owner(params["name"], ask);
    const result = await this.#pass(server, { method, params: { ...params, name } }, ask);
    this.#resources.learnFrom(server, result);
    return result;
  }

  async #ofResource({ method, params = {} }: Message, ask: Ask): Promise<Result> {
    return await this.#pass(await this.#resources.owner(params["uri"], ask), { method, params }, ask);
  }

  async #subscribe(params: Params, ask: Ask): Promise<Result> {
    const server = await this.#resources.owner(params["uri"], ask);
    const result = await this.#pass(server, { method: "resources/subscribe", params }, ask);
    this.#wishes.subscribe(server, String(params["uri"]));
    return result;
  }

  async #unsubscribe(params: Params, ask: Ask): Promise<Result> {
    const server = await this.#resources.owner(params["uri"], ask);
    this.#wishes.unsubscribe(server, String(params["uri"]));
    return await this.#pass(server, { method: "resources/unsubscribe", params }, ask);
  }

  async #complete(params: Params, ask: Ask): Promise<Result> {
    const ref = (params["ref"] ?? {}) as { readonly type?: unknown; readonly name?: unknown; readonly uri?: unknown };
    const method = "completion/complete";
    if (ref.type === "ref/resource") {
      return await this.#pass(await this.#resources.owner(ref.uri, ask), { method, params }, ask);
    }
    if (ref.type !== "ref/prompt") throw invalidParams("ref must be a ref/prompt or a ref/resource");
    const { server, name } = await this.#prompts.owner(ref.name, ask);
    return await this.#pass(server, { method, params: { ...params, ref: { ...ref, name } } }, ask);
  }

  async #setLevel(params: Params, { signal }: Ask): Promise<Result> {
    const { level } = params;
    if (typeof level !== "string" || !logLevels.includes(level)) {
      throw invalidParams(`level must be one of ${logLevels.join(", ")}`);
    }
    this.#wishes.setLogLevel(level);
    await this.#upstreams.requestOpen({ method: "logging/setLevel", params }, "logging", signal);
    return {};
  }

  async #pass(server: string, message: Message, ask: Ask): Promise<Result> {
    ask.goesTo(server);
    return await this.#upstreams.request(server, message, ask.signal);
  }
}

const logLevels = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"];
