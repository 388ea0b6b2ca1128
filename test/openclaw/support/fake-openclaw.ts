import { onTestFinished } from "vitest";
import plugin from "../../../src/openclaw/plugin.js";
import type { PluginHooks } from "../../../src/openclaw/plugin-api.js";

export const slot = Symbol.for("openclaw.sessionMcpRuntimeManager");
export const slots = globalThis as unknown as Record<symbol, unknown>;

/** OpenClaw's side of a plugin: what it hands to `register`, and hooks with the arguments that were recorded from 2026.4.9. */
export function fakeOpenClaw({
  config = {},
  pluginConfig,
}: { config?: object; pluginConfig?: Record<string, unknown> } = {}) {
  const handlers: { hook: string; handler: (...args: never[]) => unknown }[] = [];
  const said: string[] = [];
  const say = (level: string) => (message: string) => void said.push(`${level}: ${message}`);
  const api = {
    id: plugin.id,
    registrationMode: "full",
    config,
    pluginConfig,
    logger: { info: say("info"), warn: say("warn"), error: say("error") },
    on: (hook: string, handler: (...args: never[]) => unknown) => void handlers.push({ hook, handler }),
  };
  const fire = async <Name extends keyof PluginHooks>(name: Name, ...args: Parameters<PluginHooks[Name]>) => {
    const called = handlers.filter(({ hook }) => hook === name);
    await Promise.all(called.map(async ({ handler }) => await handler(...(args as unknown as never[]))));
  };
  return { said, fire, hooks: () => handlers.map(({ hook }) => hook), register: () => plugin.register(api) };
}

const gatewayMark = Symbol.for("mcp-lifecycle.openclawGateway");

/** Each test begins as a process of OpenClaw does: with no manager, and not known to be a gateway. */
export function emptySlot(): void {
  const empty = () => {
    delete slots[slot];
    delete slots[gatewayMark];
  };
  empty();
  onTestFinished(empty);
}
