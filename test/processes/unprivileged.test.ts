import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { beforeAll, describe, expect, it } from "vitest";
import { endTree } from "../../src/processes/index.js";
import { groupHost } from "./group-host.js";
import { killUntilGone, startHostile } from "./hostile-tree.js";

const nobody = 65_534;
const isRoot = process.getuid?.() === 0;

// The tests of the other files run as whoever runs them, and everything can be read and signalled by root.
describe.runIf(process.platform === "linux" && isRoot)("a server of another user", () => {
  it("should be seen and ended by root", async () => {
    const tree = await startHostile("helpers-all", {
      prefix: ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"],
    });
    expect((await tree.host.look(tree.ref)).survivors).toHaveLength(8);
    await killUntilGone(tree);
    await tree.witness.gone();
  });
});

describe.runIf(process.platform === "linux" && isRoot)("a gateway without privileges", () => {
  let roots: ChildProcessWithoutNullStreams;

  // There is no way back; every test file has a process of its own.
  beforeAll(() => {
    roots = spawn("cat");
    process.setgroups?.([]);
    process.setgid?.(nobody);
    process.setuid?.(nobody);
  });

  it("should see and end everything that it started, among processes it may not read", async () => {
    const tree = await startHostile("helpers-all");
    expect((await tree.host.look(tree.ref)).survivors).toHaveLength(8);
    const end = await endTree(tree, { inputEndedMs: 100, terminatingMs: 100 });
    expect(end).toMatchObject({ outcome: "closed", means: "SIGKILL" });
    await tree.witness.gone();
  });

  it("should be refused, and say so, where it may not signal", async () => {
    const host = groupHost();
    const ref = await host.adopt(roots.pid ?? 0);
    expect(await host.signal(ref, "SIGKILL")).toEqual({ signalled: [], refused: [{ pid: roots.pid, code: "EPERM" }] });
    expect((await host.look(ref)).survivors).toHaveLength(1);
    roots.stdin.end();
    await once(roots, "exit");
    expect((await host.look(ref)).survivors).toEqual([]);
  });
});
