import { setTimeout as pause } from "node:timers/promises";
import { editedServers } from "../edited-servers.js";
import { serverNames } from "../host-commands.js";
import { hostDeeds } from "../host-deeds.js";
import type { Command } from "./commands.js";
import type { Evidence } from "./evidence.js";
import type { RealHost } from "./real-host.js";

type Step<Do extends Command["do"]> = Extract<Command, { do: Do }>;
type Deeds = { [Do in Command["do"]]: (host: RealHost, step: Step<Do>, seen: Evidence) => boolean | Promise<boolean> };

/** What each command means; false where there was nothing to do it to. */
const deeds: Deeds = {
  ...hostDeeds,
  call: (host, step) => {
    const { tool, args } = host.world.kinds[step.server].answered;
    return host.begin(step, host.lease(step.key)?.callTool(step.server, tool, args));
  },
  hang: (host, step) => {
    const { tool, args } = host.world.kinds[step.server].hanging;
    return host.begin(step, host.lease(step.key)?.callTool(step.server, tool, args));
  },
  reload: (host, step) => {
    host.supervisor.reload(editedServers(step, (name) => host.world.configs[name]));
    return true;
  },
  crash: (_host, { nth }, seen) => seen.kill(nth, () => true),
  unwrap: ({ world }, { nth }, seen) =>
    seen.kill(nth, (server) => serverNames.some((name) => name === server && world.kinds[name].isWrapper)),
  shutdown: (host, { deadlineMs }) => {
    void host.shutdown(deadlineMs);
    return true;
  },
  settle: async (host, { what }, seen) => {
    const hasSettled = await host.settle(what);
    if (hasSettled) seen.look();
    return hasSettled;
  },
  pass: async (_host, { microtasks, ms }) => {
    for (let left = microtasks; left > 0; left -= 1) await Promise.resolve();
    if (ms > 0) await pause(ms);
    return true;
  },
};

/** Every command there is. */
export const commandNames = Object.keys(deeds) as Command["do"][];

/** Has the host, or somebody from outside, do it. False if there was nothing to do it to. */
export async function obey(host: RealHost, step: Command, seen: Evidence): Promise<boolean> {
  const deed = deeds[step.do] as (host: RealHost, step: Command, seen: Evidence) => boolean | Promise<boolean>;
  return await deed(host, step, seen);
}
