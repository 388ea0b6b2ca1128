import { existsSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../src/ports/index.js";
import { cgroupPath } from "../../src/processes/containment/recognised-cgroup.js";
import { ownCgroup } from "../../src/processes/containment/cgroup-mount.js";
import { createCookie, createLinuxProcessTable } from "../../src/processes/index.js";
import { reap, type ReapFinding } from "../../src/recovery/index.js";
import { canUseCgroups, hostAt } from "../processes/containment/levels.js";
import { type HostileTree, startHostile } from "../processes/hostile-tree.js";
import { entryOf, ledgerFiles } from "./ledger-files.js";

const base = ownCgroup() ?? "";

describe.runIf(canUseCgroups)("a record that names a cgroup", () => {
  it("should end who is in it, although nothing else tells whose he is, and remove it", async () => {
    const tree = await straySeenByNobody();
    const { cookie = "", cgroup = "" } = tree.ref;
    const [finding] = await reapOne({ cookie, cgroup, containment: "cgroup" });
    await tree.witness.gone();
    expect(finding).toMatchObject({ verdict: "ended" });
    expect(existsSync(cgroup)).toBe(false);
  });

  it("should end nobody in the cgroup of another tree, whatever it says", async () => {
    const tree = await straySeenByNobody();
    const findings = await reapOne({ cookie: createCookie(), cgroup: tree.ref.cgroup ?? "", containment: "cgroup" });
    expect(findings).toMatchObject([{ verdict: "gone" }]);
    expect(tree.witness.isHeld).toBe(true);
    expect(existsSync(tree.ref.cgroup ?? "")).toBe(true);
  });

  it("should not end the cgroup that the reaper is in itself", async () => {
    const cookie = createCookie();
    const cgroup = cgroupPath(base, cookie);
    mkdirSync(cgroup);
    writeFileSync(`${cgroup}/cgroup.procs`, String(process.pid));
    onTestFinished(() => (writeFileSync(`${base}/cgroup.procs`, String(process.pid)), rmdirSync(cgroup)));
    expect(await reapOne({ cookie, cgroup, containment: "cgroup" })).toMatchObject([
      { verdict: "left-alone", because: "this process belongs to that tree" },
    ]);
  });
});

/** A tree of which there is but a helper without environment, in a session of its own, that nobody saw before its parent was gone. */
async function straySeenByNobody(): Promise<HostileTree> {
  const tree = await startHostile("helper-cleared-env-detached", { host: hostAt("cgroup") });
  process.kill(tree.ref.leader.pid, "SIGKILL");
  await tree.exited;
  onTestFinished(() => tree.host.killSync(tree.ref));
  return tree;
}

async function reapOne(fields: Parameters<typeof entryOf>[0]): Promise<ReapFinding[]> {
  using files = ledgerFiles();
  files.file(entryOf(fields));
  const kill = process.kill.bind(process);
  return await reap({ directory: files.directory, clock: systemClock, table: createLinuxProcessTable(), kill });
}
