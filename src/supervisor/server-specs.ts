import { createHash } from "node:crypto";
import {
  type AdoptedServerConfig,
  afterCloseLimitMs,
  type HeldServers,
  resolveLifecycle,
  type ServerConfig,
} from "../config/index.js";
import type { ServerSpec } from "../machines/index.js";

/** Functions and objects of a program cannot be compared by value: each gets a number of its own. */
const identities = new WeakMap<object, number>();
let lastIdentity = 0;

/** Servers as the machines know them. `drainMs` is the session's. */
export function specsOf(servers: HeldServers, drainMs: number): Record<string, ServerSpec> {
  return Object.fromEntries(Object.entries(servers).map(([name, config]) => [name, specOf(config, drainMs)]));
}

function specOf(config: ServerConfig | AdoptedServerConfig, drainMs: number): ServerSpec {
  const { required, idleTimeoutMs, restart, callTimeoutMs: _perCall, ...graces } = resolveLifecycle(config.lifecycle);
  // A transport of the host has one life: nobody can open it again (LP-20).
  const policy = config.type === "adopted" ? false : restart;
  return {
    fingerprint: fingerprintOf(config),
    graces: { ...graces, drainMs, afterCloseMs: afterCloseMsOf(config) },
    // An adopted transport may be anything.
    hasGoodbye: config.type === "adopted" || ("url" in config && config.type !== "sse"),
    required,
    idleTimeoutMs,
    restart: policy,
  };
}

function afterCloseMsOf(config: ServerConfig | AdoptedServerConfig): number | undefined {
  if (!("command" in config) || config.lifecycle?.afterClose === undefined) return undefined;
  return afterCloseLimitMs(config.lifecycle.afterClose);
}

/** The same for two configurations that mean the same, whatever the order of their fields. */
export function fingerprintOf(config: ServerConfig | AdoptedServerConfig): string {
  return createHash("sha256").update(canonical(config)).digest("hex").slice(0, 16);
}

function canonical(value: unknown): string {
  if (typeof value === "function") return `#${identityOf(value)}`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
  if (Object.getPrototypeOf(value) !== Object.prototype) return `#${identityOf(value)}`;
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`);
  return `{${fields.join(",")}}`;
}

function identityOf(value: object): number {
  const known = identities.get(value);
  if (known !== undefined) return known;
  lastIdentity += 1;
  identities.set(value, lastIdentity);
  return lastIdentity;
}
