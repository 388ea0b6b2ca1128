import { existsSync, readdirSync } from "node:fs";
import { expect } from "vitest";
import { createSupervisor } from "../../src/index.js";
import { createCookie } from "../../src/processes/index.js";
import { pidScope } from "../../src/recovery/gateway-identity.js";
import { seeProcess } from "../../src/testing/witness/seen-process.js";
import { runCli } from "../cli/cli.js";
import { entriesIn, fileEntry, gatewayToKill, runKilled, startDecoy } from "../real/support/killed-gateway.js";
import { startHostileSubject } from "../real/support/hostile-subjects.js";
import { killByIdentity } from "../real/support/kill.js";
import { startSiblingGateway } from "../real/support/sibling-gateway.js";
import { until } from "../real/support/until.js";
import { scenario } from "./support/scenario.js";

const hostile = ["ignores-everything", "helper-double-fork", "wrapper-waits"] as const;

scenario("LP-47 the next start ends what a killed gateway left, and touches nothing else", async () => {
  await using gateway = await gatewayToKill(hostile);
  await using held = await startHostileSubject("ignores-everything");
  const sibling = await startSiblingGateway({ directory: gateway.directory, servers: { sibling: held.config } });
  const decoy = await startDecoy();
  try {
    await runKilled(gateway);
    expect(gateway.subjects.map(({ witness }) => witness.isHeld)).toEqual([true, true, true]);
    const dead = (await entriesIn(gateway.directory)).find(({ server }) => server === hostile[0]);
    if (dead === undefined) throw new Error("the killed gateway left no record");
    // A number given out again, and a process that is what a record says but for the cookie.
    const recycled = { pid: decoy.pid, startTime: "1" };
    const forged = [recycled, decoy].map(({ pid, startTime }) => ({ pid, startTime }));
    for (const leader of forged) fileEntry(gateway.directory, { ...dead, cookie: createCookie(), leader });

    const next = createSupervisor({ ledger: { directory: gateway.directory }, signals: false });
    await Promise.all(gateway.subjects.map(({ witness }) => witness.gone({ withinMs: 10_000 })));
    await until(async () => {
      const left = await entriesIn(gateway.directory);
      return left.every(({ server, leader }) => server === "sibling" || leader?.startTime === decoy.startTime);
    }, "the records of what is gone were kept");
    await next.shutdown();

    expect(held.witness.isHeld, "a living gateway's server lives").toBe(true);
    expect(seeProcess(decoy.pid)?.startTime, "the decoy lives").toBe(decoy.startTime);
  } finally {
    killByIdentity(decoy);
    await sibling.end();
  }
});

scenario("LP-47 what a killed gateway left is shown by reap, and ended by reap --yes", async () => {
  await using gateway = await gatewayToKill(["ignores-everything"]);
  await runKilled(gateway);
  const [subject] = gateway.subjects;
  const args = ["reap", "--directory", gateway.directory];

  const shown = await runCli(args);
  expect([shown.code, shown.stdout]).toEqual([1, expect.stringMatching(/^to-end server "ignores-everything": /)]);
  expect(subject?.witness.isHeld, "it was only shown").toBe(true);

  const done = await runCli([...args, "--yes"]);
  expect([done.code, done.stdout]).toEqual([0, expect.stringMatching(/^ended server "ignores-everything": /)]);
  await subject?.witness.gone();
  expect(readdirSync(gateway.directory)).toEqual([]);
  expect((await runCli(args)).stdout).toBe("no records of gateways");
});

scenario("LP-47 a record of another boot ends nobody, whatever has its numbers now", async () => {
  await using gateway = await gatewayToKill([]);
  const decoy = await startDecoy();
  try {
    const owner = { pid: 2 ** 30, startTime: "1", ...pidScope(), bootId: "another" };
    const { pid, startTime } = decoy;
    const entry = { version: 1, owner, connectionId: "c", server: "s", cookie: createCookie() } as const;
    const file = fileEntry(gateway.directory, { ...entry, leader: { pid, startTime } });
    const next = createSupervisor({ ledger: { directory: gateway.directory }, signals: false });
    await until(() => !existsSync(file), "the record of another boot was kept");
    await next.shutdown();
    expect(seeProcess(pid)?.startTime).toBe(startTime);
  } finally {
    killByIdentity(decoy);
  }
});
