import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCookie } from "../../src/processes/index.js";
import { readLedgers } from "../../src/recovery/read-ledgers.js";
import { entryFileName } from "../../src/recovery/tree-entry.js";
import { seededRandom } from "../../src/testing/simulation/seeded-random.js";
import { seeProcess, type SeenProcess } from "../../src/testing/witness/seen-process.js";
import { type Crowd, named, startCrowd } from "./support/crowd.js";
import { startDecoy } from "./support/killed-gateway.js";
import { killByIdentity } from "./support/kill.js";
import { type Gateway, runGateway } from "./support/run-gateway.js";
import { startSiblingGateway } from "./support/sibling-gateway.js";
import { until } from "./support/until.js";

const runs = Number(process.env["KILL_RUNS"] ?? 10);
const seed = Number(process.env["REAL_TEST_SEED"] ?? Date.now() % 1_000_000);
/** What is asked for is 2 s, and a busy machine has to be given more; how long it takes is printed, and measured by `npm run bench`. */
const withinMs = 15_000;

/** Less than what its servers have. */
const siblingLifetimeMs = 100_000;
/** Older ones make room for others before a run, which takes less than the rest. */
const renewedAfterMs = 40_000;
/** A busy machine may be over with a phase before it can be killed in it. */
const attemptsAtMost = 3;

/** What a connection is in the middle of. */
const phases = ["spawn", "initialize", "open", "closing", "shutdown"] as const;
type Phase = (typeof phases)[number];

describe.runIf(process.platform === "linux")(
  `a gateway of twenty servers that is killed at any moment (seed ${seed})`,
  () => {
    const random = seededRandom(seed);
    const scratch = mkdtempSync(join(tmpdir(), "killed-"));
    const directory = join(scratch, "mcp-lifecycle");
    const hits = new Map<Phase, number>(phases.map((phase) => [phase, 0]));
    const tookMs: number[] = [];
    let siblings: readonly Sibling[] = [];
    let startedAt = -Infinity;
    let decoy: SeenProcess;

    beforeAll(async () => {
      decoy = await startDecoy();
    });
    afterAll(async () => {
      killByIdentity(decoy);
      await Promise.all(siblings.map((sibling) => sibling.end()));
      rmSync(scratch, { recursive: true, maxRetries: 5 });
      console.info(`hit: ${JSON.stringify(Object.fromEntries(hits))}; gone after ${tookMs.join(", ")} ms`);
    });

    it.each(Array.from({ length: runs }, (_, index) => [phases[index % phases.length] ?? "open", index] as const))(
      "should leave no process of it during %s (run %d), and nobody else should have been signalled",
      async (phase) => {
        let isHit = false;
        for (let attempt = 1; !isHit && attempt <= attemptsAtMost; attempt += 1) isHit = await killDuring(phase);
        expect(isHit, `it was killed during ${phase}`).toBe(true);
      },
    );

    const renewSiblings = async () => {
      if (performance.now() - startedAt < renewedAfterMs) return;
      await Promise.all(siblings.map((sibling) => sibling.end()));
      siblings = await Promise.all([startSibling(directory), startSibling(directory)]);
      startedAt = performance.now();
    };

    /** Tells whether it was killed in that phase; whenever it was, nothing may be left of it. */
    const killDuring = async (phase: Phase): Promise<boolean> => {
      await renewSiblings();
      await using crowd = await startCrowd();
      const before = siblings.map((sibling) => sibling.crowd.alive().map(identityOf));
      const hit = await runUntilKilled({ crowd, directory, phase, random, decoy });
      for (const [each, count] of hit.phases) hits.set(each, (hits.get(each) ?? 0) + count);
      await until(
        () => crowd.alive().length === 0,
        () => `left ${withinMs} ms after the kill:\n${named(crowd.alive())}`,
        withinMs,
      );
      tookMs.push(Math.round(performance.now() - hit.killedAt));
      await until(
        async () => (await foldersOf(directory, hit.pid)).length === 0,
        "the guardian left records",
        withinMs,
      );
      for (const [index, { crowd: others }] of siblings.entries())
        expect(others.alive().map(identityOf), "a sibling's servers live on").toEqual(before[index]);
      expect(seeProcess(decoy.pid)?.startTime, "the decoy lives").toBe(decoy.startTime);
      return (hit.phases.get(phase) ?? 0) > 0;
    };

    it("should have been killed in every phase", () => {
      expect([...hits].filter(([, count]) => count === 0)).toEqual([]);
    });
  },
);

interface Kill {
  readonly crowd: Crowd;
  readonly directory: string;
  readonly phase: Phase;
  readonly random: () => number;
  readonly decoy: SeenProcess;
}

const lastTwo = "half of its sessions, then the rest by shutdown";

/** Runs it to somewhere in a phase, looks at what it is in the middle of, and kills it. */
async function runUntilKilled({ crowd, directory, phase, random, decoy }: Kill) {
  let result:
    { readonly pid: number; readonly killedAt: number; readonly phases: ReadonlyMap<Phase, number> } | undefined;
  const { signal } = await runGateway(
    { servers: crowd.servers, ledger: { directory }, end: phase === "open" ? "signal" : lastTwo },
    {
      tell: async (gateway) => {
        let hit: ReadonlyMap<Phase, number> = new Map();
        const count = async () => (hit = await countPhases(gateway, directory));
        await until(async () => (await count()).get(phase) !== 0, `no ${phase} came`, 30_000);
        // A spawn lasts for a few milliseconds only: hit at once, before another count could find it over.
        if (phase !== "spawn") {
          await pause(random() * { initialize: 150, open: 200, closing: 100, shutdown: 100 }[phase]);
          await count();
        }
        await fileRecycled(directory, gateway.pid, decoy);
        gateway.kill("SIGKILL");
        result = { pid: gateway.pid, killedAt: performance.now(), phases: hit };
      },
    },
  );
  if (signal !== "SIGKILL" || result === undefined) throw new Error(`it was to be killed, and ended by ${signal}`);
  return result;
}

/** By the ledger, and by what the gateway says: how many connections are in which phase. */
async function countPhases(gateway: Gateway, directory: string): Promise<ReadonlyMap<Phase, number>> {
  const entries = (await readLedgers(directory)).entries.filter(({ entry }) => entry.owner.pid === gateway.pid);
  const count = (isIn: boolean, has = entries) => (isIn ? has.length : 0);
  const started = entries.filter(({ entry }) => entry.leader !== undefined);
  const isOpening = !gateway.said("open");
  return new Map<Phase, number>([
    ["spawn", entries.length - started.length],
    ["initialize", count(isOpening, started)],
    ["open", count(!isOpening && !gateway.said("closing") && !gateway.said("shutting down"), started)],
    ["closing", count(gateway.said("closing") && !gateway.said("shutting down"), started)],
    ["shutdown", count(gateway.said("shutting down"), started)],
  ]);
}

/** A record among those of the gateway whose leader's pid has been given out again since. */
async function fileRecycled(directory: string, gatewayPid: number, { pid }: SeenProcess): Promise<void> {
  const [filed] = (await readLedgers(directory)).entries.filter(({ entry }) => entry.owner.pid === gatewayPid);
  if (filed === undefined) return;
  const entry = { ...filed.entry, cookie: createCookie(), leader: { pid, startTime: "1" } };
  writeFileSync(join(filed.folder, entryFileName(entry)), JSON.stringify(entry), { mode: 0o600 });
}

async function foldersOf(directory: string, gatewayPid: number): Promise<string[]> {
  const { entries, remotes = [], bad } = await readLedgers(directory);
  const owned = [...entries, ...remotes].filter(({ entry }) => entry.owner.pid === gatewayPid);
  return [...owned.map(({ file }) => file), ...bad.map(({ file }) => file)];
}

interface Sibling {
  readonly crowd: Crowd;
  end(): Promise<void>;
}

async function startSibling(directory: string): Promise<Sibling> {
  const crowd = await startCrowd({ few: true });
  const gateway = await startSiblingGateway({ directory, servers: crowd.servers, lifetimeMs: siblingLifetimeMs });
  return {
    crowd,
    end: async () => {
      await gateway.end();
      await crowd[Symbol.asyncDispose]();
    },
  };
}

const identityOf = ({ pid, startTime }: SeenProcess) => `${pid}:${startTime}`;
