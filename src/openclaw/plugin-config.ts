import { isAbsolute } from "node:path";
import { isRecord } from "../config/record.js";
import { ConfigError } from "../errors/index.js";
import type { CoreOptions } from "./core.js";
import type { ManagerOptions } from "./manager-options.js";

/** The plugin's configuration in `openclaw.json`. Durations in milliseconds. */
export interface PluginConfig
  extends
    Pick<ManagerOptions, "idleTimeoutMs" | "maxLifetimeMs" | "drainMs" | "runLimitMs">,
    Pick<CoreOptions, "maxLiveSessions" | "lifecycle" | "ledger" | "containment"> {
  /** How long the stop of the gateway waits for servers. Default 10 000. */
  readonly shutdownMs?: number | undefined;
}

export const pluginId = "mcp-lifecycle";

/** What a field must be, in the words of an error. */
interface Rule {
  readonly isMet: (value: unknown) => boolean;
  readonly text: string;
}

const range = (least: number, most: number): Rule => ({
  isMet: (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
  text: `must be a whole number from ${least} to ${most}`,
});
const oneOf = (...values: readonly unknown[]): Rule => ({
  isMet: (value) => values.includes(value),
  text: `must be one of ${values.join(", ")}`,
});
const durationMs = range(0, 2 ** 31 - 1);
const folder: Rule = {
  isMet: (value) => typeof value === "string" && isAbsolute(value),
  text: "must be an absolute path",
};

const flatRules: Readonly<Record<string, Rule>> = {
  idleTimeoutMs: durationMs,
  maxLifetimeMs: durationMs,
  drainMs: durationMs,
  runLimitMs: durationMs,
  shutdownMs: durationMs,
  maxLiveSessions: range(1, Number.MAX_SAFE_INTEGER),
  containment: oneOf("auto", "cgroup", "group", "namespace"),
};
const graceNames = ["settleMs", "releaseMs", "inputEndedMs", "terminatingMs", "verifyMs", "idleTimeoutMs"];
const nestedRules: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  lifecycle: Object.fromEntries(graceNames.map((name) => [name, durationMs])),
  ledger: { directory: folder, guardian: oneOf(true, false) },
};

/**
 * Checks the plugin's configuration, as the manifest's schema does, for hosts that do not. Throws `ConfigError` that names the field. Written by
 * hand, because it runs in every process of OpenClaw that loads plugins, and to load a schema library takes longer than all else here.
 */
export function parsePluginConfig(config: unknown): PluginConfig {
  const source = `plugins.entries.${pluginId}.config`;
  const given = fieldsOf(config, source);
  const known = [...Object.keys(flatRules), ...Object.keys(nestedRules)];
  for (const [name, value] of Object.entries(given)) {
    const nested = Object.hasOwn(nestedRules, name) ? nestedRules[name] : undefined;
    if (nested === undefined) check(value, { field: `${source}.${name}`, name, rules: flatRules, known });
    else if (name !== "ledger" || value !== false) checkNested(value, { source: `${source}.${name}`, rules: nested });
  }
  return given;
}

function checkNested(value: unknown, { source, rules }: { source: string; rules: Readonly<Record<string, Rule>> }) {
  for (const [name, field] of Object.entries(fieldsOf(value, source)))
    check(field, { field: `${source}.${name}`, name, rules, known: Object.keys(rules) });
}

function check(
  value: unknown,
  place: { field: string; name: string; rules: Readonly<Record<string, Rule>>; known: readonly string[] },
): void {
  const { field, name, rules, known } = place;
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  if (rule === undefined) throw new ConfigError(field, `unknown field; known are ${known.join(", ")}`);
  if (!rule.isMet(value)) throw new ConfigError(field, rule.text);
}

function fieldsOf(value: unknown, source: string): Record<string, unknown> {
  if (value === undefined) return {};
  if (!isRecord(value)) throw new ConfigError(source, "must be an object");
  return { ...value };
}
