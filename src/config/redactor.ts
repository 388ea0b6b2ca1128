import type { ServerMap } from "./server-config.js";

/** Shorter values are no secrets, and to blot them out would make texts unreadable. */
const shortestSecret = 6;
const blot = "[redacted]";

/**
 * Takes what is secret out of texts and data: the values of `env` and `headers` and the queries and credentials of URLs of the servers it
 * was told of, whatever else it was told, and the query and credentials of any URL.
 *
 * @example
 * const redactor = new Redactor();
 * redactor.learnServers({ files: { command: "files", env: { API_KEY: "s3cr3t-value" } } });
 * redactor.text("exit: key s3cr3t-value refused"); // "exit: key [redacted] refused"
 */
export class Redactor {
  #secrets: readonly string[] = [];

  /** Whatever was learned before stays secret: a reload does not unsay what older logs hold. */
  learnServers(servers: ServerMap): void {
    for (const config of Object.values(servers)) {
      if ("env" in config) this.#learnRecord(config.env);
      if ("headers" in config) this.#learnRecord(config.headers);
      if ("url" in config) this.learn(...secretsOfUrl(config.url));
    }
  }

  learn(...values: readonly string[]): void {
    const secrets = new Set([...this.#secrets, ...values.filter((value) => value.length >= shortestSecret)]);
    // Longest first: one may be part of another.
    this.#secrets = [...secrets].sort((a, b) => b.length - a.length);
  }

  text(text: string): string {
    const withoutSecrets = this.#secrets.reduce((redacted, secret) => redacted.replaceAll(secret, blot), text);
    return withoutSecrets.replaceAll(
      urlParts,
      (_url, scheme: string, credentials?: string, rest?: string, query?: string) =>
        [scheme, credentials && `${blot}@`, rest, query && `?${blot}`].join(""),
    );
  }

  /** A copy of plain data with every text in it redacted, keys included. */
  data<T>(value: T): T {
    return this.#copy(value) as T;
  }

  #copy(value: unknown): unknown {
    if (typeof value === "string") return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.#copy(item));
    if (value instanceof Error) return { name: value.name, message: this.text(value.message) };
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.text(key), this.#copy(item)]));
  }

  /** A function's values are known to its host alone. */
  #learnRecord(record: unknown): void {
    if (typeof record !== "object" || record === null) return;
    const values = Object.values(record).filter((value) => typeof value === "string");
    // `Bearer <token>`: the token alone is as secret as the whole.
    this.learn(...values, ...values.flatMap((value) => value.split(/\s+/)));
  }
}

const urlParts = /\b([a-z][a-z0-9+.-]*:\/\/)(?:([^\s/?#@"']+)@)?([^\s?#"'<>]*)(\?[^\s#"'<>]*)?/gi;

function secretsOfUrl(text: string): readonly string[] {
  if (!URL.canParse(text)) return [];
  const { username, password, search, searchParams } = new URL(text);
  return [username, password, search, ...searchParams.values()];
}
