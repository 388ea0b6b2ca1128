import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { ServerMap } from "../../src/index.js";
import { endReasons } from "../../src/machines/index.js";
import { hostileServer, type HostileServerName, hostileServerPath } from "../../src/testing/hostile/index.js";
import { createWitness } from "../../src/testing/witness/index.js";
import { canUseCgroups } from "../processes/containment/levels.js";
import { delegateCgroup } from "./support/delegate-cgroup.js";
import { shortGraces } from "./support/graces.js";
import { killByIdentity } from "./support/kill.js";
import { canRunNode, type ReadableProject, readableProject } from "./support/readable-project.js";
import { runGateway } from "./support/run-gateway.js";
import { stubbornServers } from "./support/stubborn-servers.js";

vi.setConfig({ maxConcurrency: 4 });

const nobody = 65_534;
const reasonToSkip = whyNot();

const withinMs = 10_000;
const names: readonly HostileServerName[] = [
  "ignores-everything",
  "wrapper-waits",
  "helper-detached",
  "helper-double-fork",
  "helper-cleared-env-detached",
  "nested-gateway",
];

if (reasonToSkip !== undefined) it.skip(`is not shown here: ${reasonToSkip}`, () => undefined);

describe.runIf(reasonToSkip === undefined).concurrent("a gateway without privileges", () => {
  let project: ReadableProject;
  beforeAll(() => {
    project = readableProject(nobody);
  }, 120_000);
  afterAll(() => project[Symbol.dispose]());

  it.each(endReasons)("should leave nothing of any hostile server when its sessions are %s", async (reason) => {
    await using witness = await createWitness();
    const servers: ServerMap = Object.fromEntries(
      names.map((name) => {
        const config = hostileServer(name, { witness });
        const args = config.args?.map((arg) => (arg === hostileServerPath ? project.hostileServerPath : arg));
        return [name, { ...config, args, lifecycle: shortGraces }];
      }),
    );
    try {
      const exit = await runGateway(
        { servers, end: "end of every session", reason },
        { root: project.root, user: nobody },
      );
      await witness.gone();
      expect(exit).toMatchObject({ code: 0, signal: null, user: nobody });
      expect(exit.receipts).toHaveLength(names.length);
      for (const receipt of exit.receipts) {
        expect(receipt).toMatchObject({ reason, outcome: "closed", netUsed: false, connections: [{ wasOpen: true }] });
      }
    } finally {
      for (const seen of witness.holders()) killByIdentity(seen);
    }
  });

  it.runIf(canUseCgroups)(
    "should hold its servers in cgroups where one was delegated to it, and leave none",
    async () => {
      using delegated = delegateCgroup(nobody);
      await using witness = await createWitness();
      const config = hostileServer("helpers-all", { witness });
      const args = config.args?.map((arg) => (arg === hostileServerPath ? project.hostileServerPath : arg));
      const servers = { server: { ...config, args, lifecycle: shortGraces } };
      const exit = await runGateway(
        { servers, containment: "cgroup", end: "end of every session", reason: "ended" },
        { root: project.root, prefix: delegated.prefix },
      );
      await witness.gone();
      expect(exit).toMatchObject({ code: 0, user: nobody });
      expect(exit.receipts).toMatchObject([
        { outcome: "closed", connections: [{ containment: "cgroup", means: "cgroup.kill", survivors: [] }] },
      ]);
      expect(delegated.below()).toEqual([]);
    },
  );

  it.each([
    ["process.exit(3)", { end: "process.exit" }, { code: 3, signal: null }],
    ["an uncaught exception", { end: "uncaught exception" }, { code: 1, signal: null }],
    ["SIGTERM", { end: "signal", signal: "SIGTERM" }, { code: null, signal: "SIGTERM" }],
    [
      "SIGHUP and a listener that exits",
      { end: "signal", signal: "SIGHUP", listener: "exits" },
      { code: 7, signal: null },
    ],
  ] as const)("should leave nothing when it ends by %s", async (_name, way, exit) => {
    await using stubborn = await stubbornServers({ program: project.hostileServerPath });
    const { code, signal, user } = await runGateway(
      { ...way, servers: stubborn.servers },
      { root: project.root, user: nobody },
    );
    await stubborn.nothingLeft({ withinMs });
    await stubborn.witness.gone();
    expect({ code, signal, user }).toEqual({ ...exit, user: nobody });
  });
});

function whyNot(): string | undefined {
  if (process.platform !== "linux") return "the witness of processes is Linux's";
  if (process.getuid?.() !== 0) return "the tests do not run as root, so that all the others show it";
  return canRunNode(nobody) ? undefined : `user ${nobody} cannot run ${process.execPath}`;
}
