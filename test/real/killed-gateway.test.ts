import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/ports/index.js";
import { platformProcessTable } from "../../src/processes/index.js";
import { reap } from "../../src/recovery/index.js";
import type { HostileServerName } from "../../src/testing/hostile/index.js";
import { canUseCgroups } from "../processes/containment/levels.js";
import { entriesIn, type GatewayToKill, gatewayToKill, runKilled } from "./support/killed-gateway.js";

const servers = [
  "ignores-everything",
  "helper-detached",
  "helper-double-fork",
  "wrapper-exits",
  "forks-at-end",
] as const;
const killedAfterMs = [0, 40, 90, 150, 220, 300, 400, 550];

const reapIn = ({ directory }: GatewayToKill) =>
  reap({
    directory,
    clock: systemClock,
    table: platformProcessTable(process.platform),
    kill: process.kill.bind(process),
  });

async function expectReaped(gateway: GatewayToKill): Promise<void> {
  const findings = await reapIn(gateway);
  const others = findings.filter(({ verdict }) => verdict !== "ended" && verdict !== "gone");
  expect(others.map((finding) => JSON.stringify(finding))).toEqual([]);
  const left = gateway.subjects.flatMap(({ witness }) => (witness.isHeld ? witness.holders() : []));
  expect(left).toEqual([]);
  expect(await entriesIn(gateway.directory)).toEqual([]);
}

describe.runIf(process.platform === "linux")("what a killed gateway leaves", () => {
  test.each(killedAfterMs)(
    "should be ended by the reaper when it was killed %d ms after it began to open",
    async (afterMs) => {
      await using gateway = await gatewayToKill(servers);
      await runKilled(gateway, { afterMs });
      await expectReaped(gateway);
    },
  );

  test("should be ended by the reaper when it was killed while it ended its sessions", async () => {
    await using gateway = await gatewayToKill(servers);
    await runKilled(gateway, { whileEnding: true });
    await expectReaped(gateway);
  });

  test("should be left and named when its leader is gone and it cleared its environment: nothing proves it then", async () => {
    const unmarked: HostileServerName = "helper-cleared-env";
    await using gateway = await gatewayToKill([unmarked]);
    await runKilled(gateway, { containment: "group" });
    const [subject] = gateway.subjects;
    // The leader exits at the end of its input, which came with the death of its gateway.
    await expect.poll(() => subject?.witness.holders().length).toBe(1);
    const [left] = subject?.witness.holders() ?? [];
    const findings = await reapIn(gateway);
    expect(findings).toMatchObject([{ verdict: "left", server: unmarked, processes: [{ pid: left?.pid }] }]);
    expect(subject?.witness.isHeld, "nobody was signalled").toBe(true);
    expect(await entriesIn(gateway.directory)).toHaveLength(1);
  });

  test.runIf(canUseCgroups)(
    "should be ended by its cgroup when its leader is gone and it cleared its environment",
    async () => {
      await using gateway = await gatewayToKill(["helper-cleared-env", "helper-cleared-env-detached"]);
      await runKilled(gateway, { containment: "cgroup" });
      // The leaders exit at the end of their input.
      for (const { witness } of gateway.subjects) await expect.poll(() => witness.holders().length).toBe(1);
      await expectReaped(gateway);
    },
  );
});
