import { cpSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { createSupervisor } from "../../src/index.js";
import { seeProcess, type SeenProcess } from "../../src/testing/witness/seen-process.js";
import { descendantsOf, gatewayBelow } from "./support/below.js";
import { type GuardedGateway, guardedGateway, guardianOf, recordsIn } from "./support/guarded-gateway.js";
import { startDecoy } from "./support/killed-gateway.js";
import { killByIdentity } from "./support/kill.js";
import { canRunNode, readableProject } from "./support/readable-project.js";
import {
  type Gateway,
  type GatewayExit,
  type GatewayOptions,
  type GatewayPlan,
  whenOpen,
} from "./support/run-gateway.js";
import { until } from "./support/until.js";

vi.setConfig({ maxConcurrency: 3 });

const nobody = 65_534;
const isRoot = process.getuid?.() === 0;

interface Way extends Pick<GatewayPlan, "end"> {
  readonly watchdogMs?: number;
  readonly options?: GatewayOptions;
  readonly exit: Partial<GatewayExit>;
}

const killed = { code: null, signal: "SIGKILL" } as const;
const told = (how: (gateway: Gateway) => void): GatewayOptions => ({
  tell: async (gateway) => {
    await whenOpen(gateway);
    how(gateway);
  },
});

const ways: Readonly<Record<string, Way>> = {
  SIGKILL: { end: "signal", options: told((gateway) => gateway.kill("SIGKILL")), exit: killed },
  "SIGSTOP, and SIGKILL then": {
    end: "signal",
    options: told((gateway) => {
      gateway.kill("SIGSTOP");
      gateway.kill("SIGKILL");
    }),
    exit: killed,
  },
  "SIGKILL to its whole process group": {
    end: "signal",
    options: { ...told(({ pid }) => process.kill(-pid, "SIGKILL")), detached: true },
    exit: killed,
  },
  "running out of memory": {
    end: "out of memory",
    // By V8's own abort; a core of it is of no use to anybody.
    options: { nodeArgs: ["--max-old-space-size=48"], prefix: ["sh", "-c", 'ulimit -c 0; exec "$0" "$@"'] },
    exit: { signal: "SIGABRT" },
  },
  "process.exit()": { end: "process.exit", exit: { code: 3 } },
  "process.exit() in the middle of an end": {
    end: "process.exit after an end that nobody awaits",
    exit: { code: 4 },
  },
  "an uncaught exception": { end: "uncaught exception", exit: { code: 1 } },
  "being killed by its watchdog, its event loop blocked for ever": {
    end: "blocked for ever",
    watchdogMs: 1_000,
    exit: killed,
  },
  "being killed by its watchdog, with a PATH that has no program": {
    end: "blocked for ever",
    watchdogMs: 1_000,
    options: { prefix: ["env", "PATH=/nowhere"] },
    exit: killed,
  },
};

describe.runIf(process.platform === "linux").concurrent("a gateway with a guardian that ends by", () => {
  it.each(Object.entries(ways))("%s should leave no process and no record", async (_name, way) => {
    await using gateway = await guardedGateway();
    const { watchdogMs, end, options, exit } = way;
    expect(await gateway.run({ end, ledger: { watchdogMs } }, options)).toMatchObject(exit);
    await gateway.allGone();
  });
});

describe.runIf(process.platform === "linux").concurrent("a guardian", () => {
  it("should end what its gateway left also where that has no privileges", async ({ skip }) => {
    if (!isRoot || !canRunNode(nobody)) skip("shown by all the others where the tests do not run as root");
    using project = readableProject(nobody);
    await using gateway = await guardedGateway({ user: nobody, program: project.hostileServerPath });
    const { options } = ways["SIGKILL"] ?? {};
    const exit = await gateway.run({ end: "signal" }, { ...options, root: project.root, user: nobody });
    expect(exit).toMatchObject({ ...killed, user: nobody });
    await gateway.allGone();
  });

  it.each([
    ["is its first process, with which the kernel ends them all", ["unshare", "--pid", "--fork", "--mount-proc"]],
    [
      "is not its first process",
      ["unshare", "--pid", "--fork", "--mount-proc", "sh", "-c", '"$@" & wait; sleep 20', "sh"],
    ],
  ])("should leave no process of a gateway in a pid namespace that %s", async (_how, prefix) => {
    if (!isRoot) return;
    await using gateway = await guardedGateway();
    let outer: Gateway | undefined;
    const run = gateway.run(
      { end: "signal" },
      {
        prefix,
        tell: async (unshare) => {
          outer = unshare;
          await whenOpen(unshare);
          killByIdentity(gatewayBelow(unshare.pid));
          await gateway.stubborn.nothingLeft({ withinMs: 15_000 });
          // The shell that is the first process of the namespace stays for longer than the guardian needs.
          for (const seen of descendantsOf(unshare.pid)) killByIdentity(seen);
        },
      },
    );
    await run;
    expect(descendantsOf(outer?.pid ?? 0)).toEqual([]);
  });

  it("should be started again when it is killed, and end what is left then", async () => {
    await using gateway = await guardedGateway();
    let first: number | undefined;
    const run = gateway.run(
      { end: "signal" },
      {
        tell: async (running) => {
          await whenOpen(running);
          const guardian = guardianOf(running);
          if (guardian === undefined) throw new Error("there is no guardian");
          first = guardian.pid;
          killByIdentity(guardian);
          const successor = () => guardianOf(running)?.pid;
          await until(() => ![undefined, first].includes(successor()), "no other guardian came");
          running.kill("SIGKILL");
        },
      },
    );
    expect(await run).toMatchObject(killed);
    await gateway.allGone();
  });

  it("should not keep its gateway from exiting when it is stuck", async () => {
    await using gateway = await guardedGateway();
    let guardian: SeenProcess | undefined;
    const tell = async (running: Gateway) => {
      await until(() => (guardian = guardianOf(running)) !== undefined, "there is no guardian");
    };
    const plan = { end: "shutdown, while its guardian is stopped", lifetimeMs: 20_000 } as const;
    const exit = await gateway.run(plan, { tell }).finally(() => {
      if (guardian && seeProcess(guardian.pid)?.startTime === guardian.startTime) process.kill(guardian.pid, "SIGCONT");
    });
    expect(exit).toMatchObject({ code: 0, signal: null });
    await gateway.allGone();
  });

  it("should be the supervisor's to show, and be gone with the shutdown without having started anything", async () => {
    await using gateway = await guardedGateway();
    const { directory, servers } = gateway;
    const supervisor = createSupervisor({ servers, ledger: { directory }, signals: false });
    const states: string[] = [];
    supervisor.on("guardian", ({ state }) => void states.push(state));
    expect(supervisor.inspect().recovery.guardian.state).toBe("idle");
    await supervisor.session("chat").run((lease) => lease.client("deaf"));
    const { guardian, ledger } = supervisor.inspect().recovery;
    expect([guardian.state, ledger.state]).toEqual(["watching", "kept"]);
    const seen = () => seeProcess(guardian.pid ?? 0);
    expect(seen()?.command).toContain("mcp-lifecycle guardian");
    await supervisor.shutdown();
    const commands = new Set<string>();
    await until(() => {
      const now = seen()?.command;
      if (now !== undefined) commands.add(now);
      return now === undefined;
    }, "the guardian stayed");
    expect([...commands].filter((command) => !command.includes("mcp-lifecycle guardian"))).toEqual([]);
    expect(states).toEqual(["watching", "idle"]);
    await gateway.allGone();
  });
});

describe.runIf(process.platform === "linux")("after a loss of power", () => {
  it("should the next start take the records of any moment, end nobody else, and remove them", async () => {
    await using gateway = await guardedGateway();
    const copy = join(gateway.directory, "..", "after");
    await using decoy = await disposableDecoy();
    await gateway.run(
      { end: "signal" },
      {
        tell: async (running) => {
          await until(() => hasRecord(gateway), "the gateway wrote no record");
          await stopped(running);
          cpSync(gateway.directory, copy, { recursive: true });
          await powerOff(running, gateway);
        },
      },
    );
    const next = createSupervisor({ ledger: { directory: copy, guardian: false }, signals: false });
    await until(() => !hasRecord({ directory: copy }), "the records stayed");
    await next.shutdown();
    expect(seeProcess(decoy.pid)?.startTime).toBe(decoy.startTime);
  });
});

/** Nothing of it changes any more: it starts nobody, and writes no record. */
async function stopped(running: Gateway): Promise<void> {
  running.kill("SIGSTOP");
  const threads = `/proc/${running.pid}/task`;
  const isStopped = (thread: string) => / T /.test(readFileSync(`${threads}/${thread}/stat`, "latin1"));
  await until(() => readdirSync(threads).every(isStopped), "the gateway went on");
}

/** All of a gateway that is stopped, of its guardian and its servers. */
async function powerOff(running: Gateway, { stubborn }: GuardedGateway): Promise<void> {
  for (const seen of [guardianOf(running), ...descendantsOf(running.pid)]) if (seen) killByIdentity(seen);
  await stubborn.killed();
  running.kill("SIGKILL");
}

function hasRecord({ directory }: Pick<GuardedGateway, "directory">): boolean {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return recordsIn(directory).some((name) => name.endsWith(".json"));
}

async function disposableDecoy() {
  const decoy = await startDecoy();
  return { ...decoy, [Symbol.asyncDispose]: async () => killByIdentity(decoy) };
}
