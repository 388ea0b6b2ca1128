import type { ServerConfig } from "../../src/config/index.js";
import type { Command } from "./commands.js";
import { editedServers } from "./edited-servers.js";
import { HostError } from "./expectations.js";
import { hostDeeds } from "./host-deeds.js";
import type { SimulatedHost as Host } from "./simulated-host.js";

const callOptions = { timeoutMs: 4_000 };
const transport = { start: async () => {}, send: async () => {}, close: async () => {} };

type Step<Do extends Command["do"]> = Extract<Command, { do: Do }>;
type Deeds = { [Do in Command["do"]]: (host: Host, step: Step<Do>) => boolean | Promise<boolean> };

/** What each command means; false where there was nothing to do it to. */
const deeds: Deeds = {
  ...hostDeeds,
  call: (host, step) => host.begin(step, host.lease(step.key)?.callTool(step.server, "echo", {}, callOptions)),
  catalog: (host, step) => host.begin(step, host.lease(step.key)?.catalog()),
  run: (host, step) => {
    const { key, server, oneShot, fails } = step;
    const work = host.session(key, { oneShot })?.run(async (lease) => {
      await lease.callTool(server, "echo", {}, callOptions);
      if (fails) throw new HostError("the run failed");
    });
    return host.begin(step, work);
  },
  rebind: (host, { key }) => host.rebind(key) !== undefined,
  child: (host, step) => {
    const parent = host.session(step.key);
    const child = parent && host.child(parent);
    return host.begin(
      step,
      child?.run((lease) => lease.client(step.server)),
    );
  },
  adopt: (host, step) => {
    const { supervisor } = host.simulated;
    return host.begin(step, host.session(step.key) && supervisor.adopt(step.key, transport, { pid: 77 }));
  },
  forget: (host, { nth }) => {
    const given = pick(
      host.connections().filter(({ state }) => state === "leaked"),
      nth,
    );
    if (given) host.forget(given.id);
    return given !== undefined;
  },
  reload: (host, step) => {
    host.supervisor.reload(editedServers(step, (name) => configOf(host, name)));
    return true;
  },
  crash: (host, { nth }) => {
    const tree = pick(
      host.connections().filter(({ pid }) => pid !== undefined),
      nth,
    );
    return host.simulated.world.crash(tree?.id ?? "");
  },
  shutdown: (host, { deadlineMs }) => {
    for (const session of host.sessions) host.hurry(session);
    void host.shutdown(deadlineMs);
    return true;
  },
  wait: async (host, { ms }) => {
    await host.simulated.world.clock.advanceBy(ms);
    return true;
  },
};

/** Every command there is. */
export const commandNames = Object.keys(deeds) as Command["do"][];

/** Has the host do it, and waits only for what needs no time. False if there was nothing to do it to. */
export async function obey(host: Host, step: Command): Promise<boolean> {
  const deed = deeds[step.do] as (host: Host, step: Command) => boolean | Promise<boolean>;
  return await deed(host, step);
}

function pick<T>(things: readonly T[], nth: number): T | undefined {
  return things[nth % Math.max(1, things.length)];
}

function configOf({ simulated }: Host, name: string): ServerConfig {
  const isHttp = "http" in (simulated.world.behaviours[name] ?? {});
  return isHttp ? { url: "http://virtual.test/mcp" } : { command: "virtual" };
}
