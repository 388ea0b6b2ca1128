import { ConfigError } from "../errors/index.js";
import type { CoreOptions } from "./core.js";
import type { ManagerOptions } from "./manager-options.js";
import { isFields } from "./raw-config.js";

/** The plugin's configuration in `openclaw.json`. Durations in milliseconds. */
export interface PluginConfig extends Pick<
  ManagerOptions,
  "idleTimeoutMs" | "maxLifetimeMs" | "drainMs" | "runLimitMs"
> {
  readonly maxLiveSessions?: number | undefined;
  /** How long the stop of the gateway waits for servers. Default 10 000. */
  readonly shutdownMs?: number | undefined;
  readonly lifecycle?: CoreOptions["lifecycle"];
}

export const pluginId = "mcp-lifecycle";

const longestMs = 2 ** 31 - 1;
const durations = { minimum: 0, maximum: longestMs };
const fields: Readonly<Record<string, { minimum: number; maximum: number }>> = {
  idleTimeoutMs: durations,
  maxLifetimeMs: durations,
  drainMs: durations,
  runLimitMs: durations,
  shutdownMs: durations,
  maxLiveSessions: { minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
};
const graces: typeof fields = Object.fromEntries(
  ["settleMs", "releaseMs", "inputEndedMs", "terminatingMs", "verifyMs", "idleTimeoutMs"].map((name) => [
    name,
    durations,
  ]),
);

/**
 * Checks the plugin's configuration, as the manifest's schema does, for hosts that do not. Throws `ConfigError` that names the field. Written by
 * hand, because it runs in every process of OpenClaw that loads plugins, and to load a schema library takes longer than all else here.
 */
export function parsePluginConfig(config: unknown): PluginConfig {
  const source = `plugins.entries.${pluginId}.config`;
  const { lifecycle, ...flat } = fieldsOf(config, source);
  checkNumbers(flat, { known: fields, others: ["lifecycle"], source });
  checkNumbers(fieldsOf(lifecycle, `${source}.lifecycle`), { known: graces, source: `${source}.lifecycle` });
  return { ...flat, ...(lifecycle !== undefined && { lifecycle }) } as PluginConfig;
}

function fieldsOf(value: unknown, source: string): Record<string, unknown> {
  if (value === undefined) return {};
  if (!isFields(value)) throw new ConfigError(source, "must be an object");
  return { ...value };
}

function checkNumbers(
  given: Readonly<Record<string, unknown>>,
  { known, others = [], source }: { known: typeof fields; others?: readonly string[]; source: string },
): void {
  for (const [name, value] of Object.entries(given)) {
    const range = Object.hasOwn(known, name) ? known[name] : undefined;
    const field = `${source}.${name}`;
    if (range === undefined) {
      throw new ConfigError(field, `unknown field; known are ${[...Object.keys(known), ...others].join(", ")}`);
    }
    const isWithin = Number.isInteger(value) && Number(value) >= range.minimum && Number(value) <= range.maximum;
    if (!isWithin) throw new ConfigError(field, `must be a whole number from ${range.minimum} to ${range.maximum}`);
  }
}
