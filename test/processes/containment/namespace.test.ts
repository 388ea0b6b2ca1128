import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { SpawnError } from "../../../src/errors/index.js";
import { createCookie, endTree, type SpawnedTree } from "../../../src/processes/index.js";
import { startHostileSubject } from "../../real/support/hostile-subjects.js";
import { runGateway, whenOpen } from "../../real/support/run-gateway.js";
import { canUseNamespaces, hostAt } from "./levels.js";

const env = { PATH: process.env["PATH"] ?? "" };
const graces = { inputEndedMs: 0, terminatingMs: 300 };

describe.runIf(canUseNamespaces)("a tree in a pid namespace of its own", () => {
  it("should have the server for pid 1, and a /proc that shows nobody else", async () => {
    const tree = await start('set -- /proc/[0-9]*; echo "$$ of $#"; cat');
    const [output] = await once(tree.stdout, "data");
    expect(String(output)).toBe("1 of 1\n");
    await endTree({ ...tree, host: hostAt("namespace") }, graces);
  });

  it("should need SIGKILL where the server does not handle SIGTERM, and SIGTERM where it does", async () => {
    const host = hostAt("namespace");
    const deaf = await startIn(host, "echo ready; exec sleep 60");
    await once(deaf.stdout, "data");
    expect(await endTree({ ...deaf, host }, graces)).toMatchObject({ outcome: "closed", means: "SIGKILL" });
    const heeding = await startIn(host, 'trap "exit 5" TERM; echo ready; cat; sleep 60 & wait');
    await once(heeding.stdout, "data");
    const end = await endTree({ ...heeding, host }, { ...graces, terminatingMs: 10_000 });
    expect(end).toMatchObject({ outcome: "closed", means: "SIGTERM", exit: { code: 5 } });
  });

  it.each([
    ["does not exist", "no-such-program-anywhere"],
    ["is not executable", import.meta.filename],
  ])("should not be made for a program that %s", async (problem, command) => {
    const failure = await hostAt("namespace")
      .spawn({ command, args: [], env, cookie: createCookie() })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SpawnError);
    expect(failure).toMatchObject({ field: "command", message: expect.stringContaining(problem) as string });
  });

  it("should be killed by the kernel with its gateway, without anybody's help", async () => {
    await using subject = await startHostileSubject("helpers-all");
    const exit = await runGateway(
      { servers: { server: subject.config }, containment: "namespace", end: "signal" },
      {
        tell: async (gateway) => {
          await whenOpen(gateway);
          gateway.kill("SIGKILL");
        },
      },
    );
    expect(exit.signal).toBe("SIGKILL");
    await subject.witness.gone({ withinMs: 5_000 });
  });
});

function start(script: string): Promise<SpawnedTree> {
  return startIn(hostAt("namespace"), script);
}

function startIn(host: ReturnType<typeof hostAt>, script: string): Promise<SpawnedTree> {
  return host.spawn({ command: "/bin/sh", args: ["-c", script], env, cookie: createCookie() });
}
