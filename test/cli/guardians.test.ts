import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it, onTestFinished } from "vitest";
import { isAdopter } from "../../src/cli/machine/adopters.js";
import { findGuardians } from "../../src/cli/machine/guardians.js";
import { takeCensus } from "../../src/processes/census.js";
import { platformProcessTable } from "../../src/processes/index.js";
import { startGuardian } from "../../src/recovery/guardian-process.js";
import { gatewayIdentity } from "../../src/recovery/gateway-identity.js";
import { descendantsOf } from "../real/support/below.js";
import { until } from "../real/support/until.js";
import { deadGateway } from "../recovery/ledger-files.js";

const table = platformProcessTable(process.platform);
const seen = () => findGuardians({ census: takeCensus(table, { bornSince: Infinity }), table, self: process.pid });
const late = () => seen().withoutGateway.map(({ pid }) => pid);

it.runIf(process.platform === "linux")("should know a guardian that waits by whom it watches over", async () => {
  const guardian = startGuardian({ owner: gatewayIdentity(table), folders: [], onExit: () => undefined });
  if (typeof guardian === "string") throw new Error(guardian);
  expect(seen().of(process.pid)).toBe(guardian.pid);
  // With a watchdog it has a copy of itself beside it, that counts.
  guardian.send("within 60");
  const ofIt = () => descendantsOf(process.pid).filter(({ ppid, pid }) => [ppid, pid].includes(guardian.pid));
  await until(() => ofIt().length === 2, "the guardian does not count");
  expect(seen().of(process.pid)).toBe(guardian.pid);
  expect(late().filter((pid) => ofIt().some((each) => each.pid === pid))).toEqual([]);
  await guardian.end();
});

it.runIf(process.platform === "linux")("should know one that is at work, whoever is its parent by now", async () => {
  const words = ["/any/guardian-main.js", "reap", String(deadGateway), "100", "/folder"];
  const reaper = spawn(process.execPath, ["-e", "setInterval(() => {}, 1_000)", ...words]);
  onTestFinished(() => void reaper.kill("SIGKILL"));
  await once(reaper, "spawn");
  expect(seen().ofDead(deadGateway)).toBe(reaper.pid);
  expect(late()).toContain(reaper.pid);
});

it.each([
  ["init", 1, "systemd", true],
  ["a container's init", 1, "docker-init", true],
  ["systemd's of a user", 900, "systemd", true],
  ["a gateway that is the first process of its container", 1, "node", false],
  ["anybody else", 900, "sh", false],
])("should say of %s whether it takes orphans in", (_who, pid, name, adopts) => {
  expect(isAdopter({ pid, name })).toBe(adopts);
});
