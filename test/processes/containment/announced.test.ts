import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { noLedger } from "../../../src/ports/index.js";
import { createCookie } from "../../../src/processes/index.js";
import { openCgroup } from "../../../src/processes/containment/cgroup.js";
import { ownCgroup } from "../../../src/processes/containment/cgroup-mount.js";
import { warmJoinLock } from "../../../src/processes/containment/join-lock.js";
import { cgroupPath } from "../../../src/processes/containment/recognised-cgroup.js";
import { hostileServer } from "../../../src/testing/hostile/index.js";
import { makeHandle } from "../../transports/support/opened.js";
import { rejection, until } from "../../transports/support/until.js";
import { killUntilGone, startHostile } from "../hostile-tree.js";
import { canUseCgroups, hostAt } from "./levels.js";

const base = ownCgroup() ?? "";

describe.runIf(canUseCgroups)("a start in a cgroup that is announced", () => {
  it("should find its cgroup made, and hold it against whoever takes the announcement back too late", async () => {
    const host = hostAt("cgroup");
    const cookie = createCookie();
    const takeBack = host.announce(cookie);
    await until(() => existsSync(cgroupPath(base, cookie)), "the cgroup was not made");
    const env = { PATH: process.env["PATH"] ?? "" };
    const tree = await host.spawn({ command: "cat", args: [], env, cookie });

    await takeBack();

    expect(openCgroup(tree.ref.cgroup ?? "").pids()).toEqual([tree.ref.leader.pid]);
    tree.stdin.end();
    await until(async () => (await host.look(tree.ref)).survivors.length === 0, "cat did not end");
    expect(existsSync(tree.ref.cgroup ?? "")).toBe(false);
  });

  it("should leave no cgroup when it is taken back, however soon", async () => {
    const cookie = createCookie();
    const takeBack = hostAt("cgroup").announce(cookie);
    await takeBack();
    expect(existsSync(cgroupPath(base, cookie))).toBe(false);
  });

  it("should leave no cgroup of a server that is not started, because its record cannot be written", async () => {
    let cgroup = "";
    const ledger = {
      ...noLedger,
      intend: async ({ place }: { place?: { cgroup?: string | undefined } | undefined }) => {
        cgroup = place?.cgroup ?? "";
        await until(() => existsSync(cgroup), "the start was not announced before the record");
        throw new Error("ENOSPC");
      },
    };
    const { handle, open } = makeHandle(hostileServer("well-behaved"), { ledger, processHost: hostAt("cgroup") });
    expect(await rejection(open())).toMatchObject({ message: expect.stringContaining("ENOSPC") });

    handle.dispose();

    await until(() => !existsSync(cgroup), "the cgroup stays", 3_000);
  });

  it("should move nobody, wherever the gateway is by now", async () => {
    const elsewhere = await startHostile("well-behaved", { host: hostAt("cgroup") });
    const { leader, cgroup = "" } = elsewhere.ref;

    await warmJoinLock(base, leader.pid);

    expect(openCgroup(cgroup).pids()).toEqual([leader.pid]);
    await killUntilGone(elsewhere);
    await elsewhere.witness.gone();
  });
});
