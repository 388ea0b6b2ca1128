import type { ServerMap } from "../../src/config/index.js";
import { SimulationError } from "../../src/testing/simulation/index.js";
import { type Command, serverNames } from "./commands.js";
import { HostError } from "./expectations.js";
import type { Host } from "./host.js";

/** An end without a deadline: 5 s of draining, the five graces of a closing, and the margin of the session's machine. */
const longestEndMs = 5_000 + 16_000 + 1_000;

const callOptions = { timeoutMs: 4_000 };
const transport = { start: async () => {}, send: async () => {}, close: async () => {} };

type Step<Do extends Command["do"]> = Extract<Command, { do: Do }>;
type Deeds = { [Do in Command["do"]]: (host: Host, step: Step<Do>) => boolean | Promise<boolean> };

/** What each command means; false where there was nothing to do it to. */
const deeds: Deeds = {
  acquire: async (host, { key, oneShot, idleTimeoutMs, maxLifetimeMs }) => {
    const session = host.session(key, { oneShot, idleTimeoutMs, maxLifetimeMs });
    return session !== undefined && (await host.acquire(session)) !== undefined;
  },
  open: (host, step) => host.begin(step, host.lease(step.key)?.client(step.server)),
  call: (host, step) => host.begin(step, host.lease(step.key)?.callTool(step.server, "echo", {}, callOptions)),
  catalog: (host, step) => host.begin(step, host.lease(step.key)?.catalog()),
  release: (host, { key }) => host.release(key),
  run: (host, step) => {
    const { key, server, oneShot, fails } = step;
    const work = host.session(key, { oneShot })?.run(async (lease) => {
      await lease.callTool(server, "echo", {}, callOptions);
      if (fails) throw new HostError("the run failed");
    });
    return host.begin(step, work);
  },
  end: (host, step) => {
    const { key, reason, deadlineMs } = step;
    const session = host.session(key);
    if (session && deadlineMs !== undefined) host.hurry(session);
    // An end is given one millisecond at least.
    const atMostMs = deadlineMs === undefined ? longestEndMs : Math.max(1, deadlineMs);
    return host.begin(step, session?.end({ reason, deadlineMs }), atMostMs);
  },
  /** A session with a call in flight is not idle, whoever holds a lease. */
  sleep: (host, step) => {
    const session = host.session(step.key);
    if (session?.state !== "active.live.idle") return false;
    const called = host
      .connections()
      .find(({ generation, callsInFlight }) => generation === session.id && callsInFlight > 0);
    host.begin(step, session.sleep(), longestEndMs);
    const fellAsleep = (session.state as string) === "active.asleep";
    if (fellAsleep && called) throw new SimulationError(`${session.id} fell asleep with a call on ${called.id} (I5)`);
    return fellAsleep;
  },
  retire: (host, { key, required }) => {
    const session = host.session(key);
    session?.retire({ required });
    return session !== undefined;
  },
  rebind: (host, { key }) => host.rebind(key) !== undefined,
  reset: (host, step) => {
    const session = host.session(step.key);
    return host.begin(step, session && host.reset(session), longestEndMs);
  },
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
    host.simulated.supervisor.reload(edited(host, step));
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

/** The configuration after the edits; a `changed` server is the same as before if its version is. */
function edited({ simulated }: Host, { edits, version }: Step<"reload">): ServerMap {
  return Object.fromEntries(
    serverNames.flatMap((name) => {
      const edit = edits[name];
      if (edit === "removed") return [];
      const isHttp = "http" in (simulated.world.behaviours[name] ?? {});
      const place = isHttp ? { url: "http://virtual.test/mcp" } : { command: "virtual" };
      const lifecycle = {
        callTimeoutMs: edit === "changed" ? 60_000 + version : 60_000,
        required: edit === "required",
      };
      return [[name, edit === "same" ? place : { ...place, lifecycle }]];
    }),
  );
}
