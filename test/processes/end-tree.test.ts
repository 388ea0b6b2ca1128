import { describe, expect, it } from "vitest";
import { endTree, startTree, type TreeRef } from "../../src/processes/index.js";
import type { HostileServerName } from "../../src/testing/hostile/index.js";
import { groupHost } from "./group-host.js";
import { startHostile } from "./hostile-tree.js";

const graces = { inputEndedMs: 500, terminatingMs: 500, verifyMs: 5_000 };

describe.runIf(process.platform === "linux")("endTree", () => {
  it.each<[HostileServerName, "input-ended" | "SIGTERM" | "SIGKILL"]>([
    ["well-behaved", "input-ended"],
    ["ignores-eof", "SIGTERM"],
    ["ignores-everything", "SIGKILL"],
    ["slow-term", "SIGKILL"],
    ["helper-detached", "SIGTERM"],
    ["helper-double-fork", "SIGTERM"],
    ["helper-cleared-env", "SIGTERM"],
    ["helper-cleared-env-detached", "SIGTERM"],
    ["helpers-all", "SIGKILL"],
    ["nested-gateway", "SIGTERM"],
    ["shell-wrapper", "SIGTERM"],
    ["floods-stderr", "input-ended"],
    ["forks-at-end", "SIGKILL"],
  ])("should end %s, needing %s, and prove it", async (name, means) => {
    const tree = await startHostile(name);
    const end = await endTree(tree, graces);
    expect(end).toMatchObject({ outcome: "closed", means, survivors: [], doubtful: [] });
    expect(end.exit).toEqual(await tree.exited);
    await tree.witness.gone();
  });

  it("should give a server its grace to handle SIGTERM (LP-25)", async () => {
    const tree = await startHostile("slow-term", { flags: ["--term-delay=800"] });
    const end = await endTree(tree, { ...graces, inputEndedMs: 0, terminatingMs: 10_000 });
    expect(end).toMatchObject({ outcome: "closed", means: "SIGTERM", exit: { code: 0, signal: null } });
  });

  it("should end a server that is slower after the end of input than nothing, without a signal", async () => {
    const tree = await startHostile("slow-exit");
    const end = await endTree(tree, { inputEndedMs: 10_000 });
    expect(end).toMatchObject({ outcome: "closed", means: "input-ended" });
  });

  it("should report as leaked who cannot be proved gone, and be done when its time is over", async () => {
    const tree = await startHostile("ignores-everything");
    const deaf = { ...tree.host, signal: () => Promise.resolve({ signalled: [], refused: [] }) };
    const end = await endTree({ ...tree, host: deaf }, { inputEndedMs: 0, terminatingMs: 0, verifyMs: 100 });
    expect(end).toMatchObject({ outcome: "leaked", means: "SIGKILL", exit: undefined });
    expect(end.survivors.map(({ pid }) => pid)).toEqual([tree.ref.leader.pid]);
  });

  it("should read what nobody reads: who is blocked by his own output cannot end", async () => {
    const tree = await startTree({
      host: groupHost(),
      command: "/bin/sh",
      args: ["-c", "head -c 1000000 /dev/zero; cat >/dev/null"],
    });
    expect(await endTree(tree, { inputEndedMs: 10_000 })).toMatchObject({ outcome: "closed", means: "input-ended" });
  });

  it("should look before it ends the input, for that who loses his parent then is known", async () => {
    const tree = await startHostile("well-behaved");
    const inputEnded: boolean[] = [];
    const look = (ref: TreeRef) => (inputEnded.push(tree.stdin.writableEnded), tree.host.look(ref));
    await endTree({ ...tree, host: { ...tree.host, look } });
    expect(inputEnded.slice(0, 2)).toEqual([false, true]);
  });

  it("should be easy: start, end, proved", async () => {
    const tree = await startTree({ host: groupHost(), command: "cat" });
    tree.stdin.write("hello");
    expect(await endTree(tree)).toEqual({
      outcome: "closed",
      means: "input-ended",
      exit: { code: 0, signal: null },
      survivors: [],
      unreaped: [],
      doubtful: [],
    });
  });

  it("should start a tree on a host that is given, with an environment that is given", async () => {
    const host = groupHost();
    const tree = await startTree({ host, command: process.execPath, args: ["-p", "process.env.A"], env: { A: "b" } });
    const chunks: Buffer[] = await tree.stdout.toArray();
    expect(String(Buffer.concat(chunks))).toBe("b\n");
    expect(await endTree(tree)).toMatchObject({ outcome: "closed" });
  });
});
