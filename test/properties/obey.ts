import type { ServerConfig } from "../../src/config/index.js";
import type { Command } from "./commands.js";
import { editedServers } from "./edited-servers.js";
import { HostError } from "./expectations.js";
import { hostDeeds } from "./host-deeds.js";
import type { Lineage } from "./lineage.js";
import type { SimulatedHost as Host } from "./simulated-host.js";

const callOptions = { timeoutMs: 4_000 };
const transport = { start: async () => {}, send: async () => {}, close: async () => {} };

type Step<Do extends Command["do"]> = Extract<Command, { do: Do }>;
type Deed<Do extends Command["do"]> = (host: Host, step: Step<Do>, lineage: Lineage) => boolean | Promise<boolean>;
type Deeds = { [Do in Command["do"]]: Deed<Do> };

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
    return host.begin(step, host.session(step.key) && host.supervisor.adopt(step.key, transport, { pid: 77 }));
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
    return tree !== undefined && host.world.crash(host.gateway.nameOf(tree.id));
  },
  shutdown: (host, { deadlineMs }) => {
    for (const session of host.sessions) host.hurry(session);
    void host.shutdown(deadlineMs);
    return true;
  },
  wait: async (host, { ms }) => {
    await host.world.clock.advanceBy(ms);
    return true;
  },
  kill: async (_host, { afterMicrotasks, squat }, lineage) => {
    for (let left = afterMicrotasks; left > 0; left -= 1) await Promise.resolve();
    return lineage.kill({ squat });
  },
  start: (_host, { samePid }, lineage) => lineage.start({ samePid }),
};

/** Every command there is. */
export const commandNames = Object.keys(deeds) as Command["do"][];

/** What happens whether or not a gateway lives. */
const withoutGateway: readonly Command["do"][] = ["wait", "start"];

/** Has the host do it, and waits only for what needs no time. False if there was nothing to do it to. */
export async function obey(lineage: Lineage, step: Command): Promise<boolean> {
  if (lineage.isDown && !withoutGateway.includes(step.do)) return false;
  const deed = deeds[step.do] as Deed<Command["do"]>;
  return await deed(lineage.host, step, lineage);
}

function pick<T>(things: readonly T[], nth: number): T | undefined {
  return things[nth % Math.max(1, things.length)];
}

function configOf({ world }: Host, name: string): ServerConfig {
  const isHttp = "http" in (world.behaviours[name] ?? {});
  return isHttp ? { url: "http://virtual.test/mcp" } : { command: "virtual" };
}
