import { describe, expect, it, onTestFinished } from "vitest";
import { createCookie, type ProcessHost, type TreeRef } from "../../src/processes/index.js";
import type { HostileServerName } from "../../src/testing/hostile/index.js";
import { createWitness, type Witness } from "../../src/testing/witness/index.js";
import { groupHost } from "./group-host.js";
import { killUntilGone, lookUntil, pidsOf, startHostile } from "./hostile-tree.js";

const processesOf: [HostileServerName, number][] = [
  ["helper-holds-stdio", 2],
  ["helper-holds-stderr", 2],
  ["helper-ignored-stdio", 2],
  ["helper-detached", 2],
  ["helper-double-fork", 2],
  ["helper-cleared-env", 2],
  ["helper-cleared-env-detached", 2],
  ["helper-zombie", 2],
  ["nested-gateway", 3],
  ["shell-wrapper", 2],
  ["helpers-all", 8],
];

describe.runIf(process.platform === "linux")("every way out of a tree", () => {
  it.each(processesOf)("should be seen and ended while the leader lives: %s, %d processes", async (name, count) => {
    const tree = await startHostile(name);
    const look = await tree.host.look(tree.ref);
    expect(pidsOf(look.survivors)).toEqual(pidsOf(tree.witness.holders()));
    expect(look.survivors).toHaveLength(count);
    await killUntilGone(tree);
    await tree.witness.gone();
  });

  // Who left environment, group and session is known by an earlier look only: see the tests below.
  const findable = processesOf.filter(([name]) => name !== "helper-cleared-env-detached" && name !== "helpers-all");

  it.each(findable)("should be seen and ended though nobody looked before the leader was gone: %s", async (name) => {
    const tree = await startHostile(name);
    process.kill(tree.ref.leader.pid, "SIGKILL");
    await tree.exited;
    const look = await tree.host.look(tree.ref);
    expect(pidsOf(look.survivors)).toEqual(pidsOf(tree.witness.holders()));
    expect(look.survivors).not.toHaveLength(0);
    await killUntilGone(tree);
    await tree.witness.gone();
  });

  it("should remember a helper that shed environment, group and session, once it was seen", async () => {
    const tree = await startHostile("helper-cleared-env-detached");
    await tree.host.look(tree.ref);
    process.kill(tree.ref.leader.pid, "SIGKILL");
    await tree.exited;
    expect((await tree.host.look(tree.ref)).survivors).toHaveLength(1);
    await killUntilGone(tree);
    await tree.witness.gone();
  });

  it("should doubt, and not signal, what is left in the group of a leader that it did not see exit", async () => {
    const tree = await startHostile("helper-cleared-env");
    process.kill(tree.ref.leader.pid, "SIGKILL");
    await tree.exited;
    const [helper] = tree.witness.holders();
    const later = groupHost();
    const look = await later.look(tree.ref);
    expect(look.survivors).toEqual([]);
    expect(look.doubtful.map(({ pid }) => pid)).toEqual([helper?.pid]);
    expect(await later.signal(tree.ref, "SIGKILL")).toEqual({ signalled: [], refused: [] });
    expect(tree.witness.isHeld).toBe(true);
    await killUntilGone(tree);
  });

  it.each<HostileServerName>(["wrapper-exits", "wrapper-killed"])(
    "should find the server of a wrapper that is gone: %s",
    async (name) => {
      const tree = await startHostile(name);
      await tree.exited;
      const look = await tree.host.look(tree.ref);
      expect(look.survivors.map(({ pid }) => pid)).toEqual(tree.witness.holders().map(({ pid }) => pid));
      await killUntilGone(tree);
      await tree.witness.gone();
    },
  );

  it("should list a zombie as unreaped and as nobody who survives (LP-56)", async () => {
    const tree = await startHostile("helper-zombie");
    const { survivors, unreaped } = await lookUntil(tree, (look) => look.unreaped.length > 0);
    expect(unreaped).toHaveLength(1);
    expect(survivors.map(({ pid }) => pid)).not.toContain(unreaped[0]?.pid);
    await killUntilGone(tree);
  });

  it("should end a tree that forks on in sessions of its own while it is killed (LP-35)", async () => {
    const tree = await startHostile("forks-at-end");
    tree.stdin.end();
    await tree.exited;
    await lookUntil(tree, ({ survivors }) => survivors.length > 0);
    await killUntilGone(tree);
    await tree.witness.gone();
    await expect(tree.host.look(tree.ref)).resolves.toMatchObject({ survivors: [], doubtful: [] });
  });

  it("should never call a tree empty while the kernel says that it lives, whoever forks, execs and exits meanwhile", async () => {
    const host = groupHost();
    const trees = await Promise.all(Array.from({ length: 3 }, () => startRelay(host, { links: 300 })));
    const contradictions = trees.map(async ({ ref, witness }) => {
      for (let looks = 1; witness.isHeld; looks += 1) {
        const { survivors, doubtful } = await host.look(ref);
        if (survivors.length + doubtful.length > 0) continue;
        // The last link may be within its exit: it runs nothing any more, and the kernel has not closed its end of the pipe yet.
        const isOver = await witness.gone({ withinMs: 20 }).then(
          () => true,
          () => false,
        );
        if (!isOver) return `look ${looks} found nothing`;
      }
      return undefined;
    });
    expect(await Promise.all(contradictions)).toEqual([undefined, undefined, undefined]);
  });

  it("should find the tree of a nested gateway by the outer cookie, and leave the outer tree to it", async () => {
    const outer = await startHostile("nested-gateway");
    const inner = outer.witness.holders().find(({ ppid }) => ppid === outer.ref.leader.pid);
    const adopted = await outer.host.adopt(inner?.pid ?? 0);
    const members = (await outer.host.look(adopted)).survivors.map(({ pid }) => pid);
    expect(members).toContain(inner?.pid);
    expect(members).toHaveLength(2);
    expect(members).not.toContain(outer.ref.leader.pid);
    await killUntilGone(outer);
    await outer.witness.gone();
  });
});

/** A chain of processes, each in a session of its own, that lives for a few milliseconds, starts the next and is gone. */
async function startRelay(
  host: ProcessHost,
  { links }: { links: number },
): Promise<{ ref: TreeRef; witness: Witness }> {
  const link = `[ "$1" -le 0 ] || setsid /bin/sh -c "$0" "$0" $(($1 - 1)) &`;
  const start = `exec 3>"$WITNESS_FIFO"; /bin/sh -c "$0" "$0" ${links}`;
  const witness = await createWitness();
  onTestFinished(() => witness.dispose());
  const env = { PATH: process.env["PATH"] ?? "", ...witness.env };
  const { ref } = await host.spawn({ command: "/bin/sh", args: ["-c", start, link], env, cookie: createCookie() });
  await witness.held();
  return { ref, witness };
}
