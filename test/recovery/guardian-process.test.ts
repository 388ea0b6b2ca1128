import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { platformProcessTable } from "../../src/processes/index.js";
import { gatewayIdentity } from "../../src/recovery/gateway-identity.js";
import { type GuardianProcess, startGuardian } from "../../src/recovery/guardian-process.js";
import { guardianMark } from "../../src/recovery/guardian-script.js";
import { parseProcStat } from "../../src/processes/proc-stat.js";
import { seeAllProcesses, seeEnvironment, seeProcess } from "../../src/testing/witness/seen-process.js";
import { killByIdentity } from "../real/support/kill.js";
import { until } from "../real/support/until.js";
import { entryOf, ledgerFiles } from "./ledger-files.js";

const owner = gatewayIdentity(platformProcessTable(process.platform));
const mostKilobytes = 5 * 1024;

/** One that is killed at the end of the test, whatever came of it. */
async function started(): Promise<GuardianProcess & { hasExited(): boolean }> {
  let exited = false;
  const guardian = startGuardian({ owner, folders: [], onExit: () => (exited = true) });
  if (typeof guardian === "string") throw new Error(guardian);
  const seen = seeProcess(guardian.pid);
  onTestFinished(() => {
    if (seen) killByIdentity(seen);
  });
  await until(() => isReading(guardian.pid), "the guardian does not read");
  return { ...guardian, hasExited: () => exited };
}

/** SIGTTOU, the last that it learns to ignore, as a bit of `SigIgn`. */
const lastIgnored = 1n << 21n;

/** It has set everything up that it sets up before it waits. */
function isReading(pid: number): boolean {
  const ignored = /^SigIgn:\s*(\w+)$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? "0";
  return (BigInt(`0x${ignored}`) & lastIgnored) !== 0n;
}

function counts(guardian: number): boolean {
  return seeAllProcesses().some(({ ppid }) => ppid === guardian);
}

const statOf = (pid: number | "self") => parseProcStat(readFileSync(`/proc/${pid}/stat`, "latin1"));

describe.runIf(process.platform === "linux")("a guardian that waits", () => {
  it("should be in a session and group of its own, in the root folder, with nothing of the gateway but the pipe", async () => {
    const { pid } = await started();
    const [own, gateway] = [statOf(pid), statOf("self")];
    expect([own.sid, own.pgid]).toEqual([pid, pid]);
    expect([gateway.sid === pid, gateway.pgid === pid]).toEqual([false, false]);
    expect(readlinkSync(`/proc/${pid}/cwd`)).toBe("/");
    // Higher ones cannot be closed by a shell; node opens all of its own to be closed at an exec.
    const files = readdirSync(`/proc/${pid}/fd`)
      .filter((fd) => Number(fd) < 10)
      .map((fd) => [fd, readlinkSync(`/proc/${pid}/fd/${fd}`)]);
    expect(Object.fromEntries(files)).toEqual({
      0: expect.stringMatching(/^(socket|pipe):/),
      1: "/dev/null",
      2: "/dev/null",
    });
  });

  it("should be known by its command line, and start node later without the gateway's NODE_OPTIONS", async () => {
    process.env["NODE_OPTIONS_OF_TEST"] = "1";
    process.env["NODE_OPTIONS"] ??= "";
    const { pid } = await started();
    expect(seeProcess(pid)?.command).toContain(guardianMark);
    expect(seeEnvironment(pid).filter((variable) => variable.startsWith("NODE_"))).toEqual([]);
    expect(seeEnvironment(pid).some((variable) => variable.startsWith("PATH="))).toBe(true);
    delete process.env["NODE_OPTIONS_OF_TEST"];
  });

  it("should take at most 5 MB of memory for itself", async () => {
    const { pid } = await started();
    const kilobytes = Number(/^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "latin1"))?.[1]);
    expect(kilobytes).toBeGreaterThan(0);
    expect(kilobytes).toBeLessThan(mostKilobytes);
  });

  it("should not mind the signals that end a gateway, and go without starting anything when nothing is left to do", async () => {
    using files = ledgerFiles();
    const guardian = await started();
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGTSTP"] as const)
      process.kill(guardian.pid, signal);
    // Whoever still reads starts to count when he is told to, and stops.
    guardian.send(`folder ${files.folder}`);
    guardian.send("within 60");
    await until(() => guardian.hasExited() || counts(guardian.pid), "the guardian does not read any more");
    expect(guardian.hasExited(), "it went by a signal").toBe(false);
    guardian.send("within ");
    await until(() => !counts(guardian.pid), "the guardian still counts");
    await guardian.end();
    expect(guardian.hasExited()).toBe(true);
  });

  it("should know from its start what to look after: its gateway may die before it says a word", async () => {
    using files = ledgerFiles();
    const entry = entryOf();
    files.file(entry);
    const guardian = startGuardian({ owner: entry.owner, folders: [files.folder], onExit: () => undefined });
    if (typeof guardian === "string") throw new Error(guardian);
    await guardian.end();
    expect(existsSync(files.folder), "the record of a tree that is gone").toBe(false);
  });

  it("should go at once, and leave nothing that counts, however soon after a beat its gateway goes", async () => {
    for (let life = 0; life < 20; life += 1) {
      const guardian = await started();
      guardian.send("within 60");
      guardian.send("beat");
      await guardian.end();
      expect(guardian.hasExited()).toBe(true);
    }
  });
});
