import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { findingsOf } from "../../src/cli/machine/findings.js";
import type { Survey } from "../../src/cli/machine/views.js";
import { createSupervisor, type SupervisorOptions } from "../../src/index.js";
import { startHostileSubject } from "../real/support/hostile-subjects.js";
import { descendantsOf, gatewayBelow } from "../real/support/below.js";
import { guardedGateway } from "../real/support/guarded-gateway.js";
import { killByIdentity } from "../real/support/kill.js";
import { type Gateway, whenOpen } from "../real/support/run-gateway.js";
import { gatewayToKill, runKilled } from "../real/support/killed-gateway.js";
import { runCli } from "./cli.js";

const isRoot = process.getuid?.() === 0;
const process1 = { pid: 50, ppid: 1, command: "node server.js" };
const remote = { server: "web", session: "chat", url: "https://example.com/mcp", file: "f" };
const tree = { cookie: "MCP_LIFECYCLE_a", server: "files", session: "chat", state: "running", unreaped: [] } as const;
const nothing: Survey = { gateways: [], strays: [], strayCgroups: [], orphans: [], badFiles: [], lateGuardians: [] };

describe.runIf(process.platform === "linux")("mcp-lifecycle ps", () => {
  it("should show a gateway that lives, by its ledger, with session, server, containment, memory and guardian", async () => {
    const { directory } = await liveGateway({ guardian: true });
    const { code, stdout } = await runCli(["ps", "--json", "--directory", directory]);
    const gateway = gatewayIn(stdout, process.pid);
    expect(code).toBe(0);
    expect(gateway).toMatchObject({ state: "alive", keepsLedger: true, guardian: expect.any(Number) as number });
    expect(gateway?.trees).toMatchObject([
      { session: "chat", server: "server", state: "running", containment: expect.stringMatching(/group/) as string },
    ]);
    expect(gateway?.trees[0]?.processes).toHaveLength(2);
    expect(gateway?.trees[0]?.memoryBytes).toBeGreaterThan(1e6);
    const forPeople = await runCli(["ps", "--directory", directory]);
    expect(forPeople.stdout).toMatch(/chat +│ server +│ c?group/);
    // oxlint-disable-next-line no-control-regex -- what colours begin with
    expect(forPeople.stdout).not.toMatch(/\u001b/);
  });

  it("should show a gateway without a ledger by the cookies of its servers", async () => {
    const { directory } = await liveGateway(false);
    const { stdout } = await runCli(["ps", "--json", "--directory", directory]);
    const gateway = gatewayIn(stdout, process.pid);
    expect(gateway).toMatchObject({ state: "alive", keepsLedger: false });
    expect(gateway?.trees.some(({ processes }) => processes.length === 2)).toBe(true);
  });
});

describe.runIf(process.platform === "linux")("mcp-lifecycle doctor", () => {
  it("should find what a killed gateway left, say what to do, and find nothing of it once that is done", async () => {
    await using gateway = await gatewayToKill(["helper-detached", "ignores-everything"]);
    await runKilled(gateway);
    const { directory } = gateway;
    const sick = await runCli(["doctor", "--directory", directory]);
    expect(sick.code).toBe(1);
    expect(sick.stdout).toMatch(/^dead-owner: server "ignores-everything" of session .* outlives its gateway/m);
    expect(sick.stdout).toMatch(/^ {4}pid \d+ \(parent \d+\): .*server\.js/m);
    expect(sick.stdout).toContain("to do: mcp-lifecycle reap --yes");
    const shown = await runCli(["reap", "--dry-run", "--json", "--directory", directory]);
    const { findings: planned } = JSON.parse(shown.stdout) as { findings: { server: string; verdict: string }[] };
    expect(shown.code).toBe(1);
    expect(planned).toContainEqual(expect.objectContaining({ server: "ignores-everything", verdict: "to-end" }));
    expect((await runCli(["reap", "--yes", "--directory", directory])).code).toBe(0);
    for (const { witness } of gateway.subjects) await witness.gone();
    const healed = await runCli(["doctor", "--json", "--directory", directory]);
    const { findings } = JSON.parse(healed.stdout) as { findings: { kind: string; gateway?: number }[] };
    expect(findings.filter(({ kind }) => kind === "dead-owner" || kind === "stale-record")).toEqual([]);
  });

  it.runIf(isRoot)("should find nothing wrong in a container whose first process is the gateway", async () => {
    await using gateway = await guardedGateway();
    const { directory } = gateway;
    let [stdout, fromOutside] = ["", ""];
    let ofContainer: readonly number[] = [];
    const tell = async (unshare: Gateway) => {
      await whenOpen(unshare);
      const first = gatewayBelow(unshare.pid);
      const prefix = ["nsenter", "--target", String(first.pid), "--pid", "--mount"];
      ({ stdout } = await runCli(["doctor", "--json", "--directory", directory], { prefix }));
      ({ stdout: fromOutside } = await runCli(["doctor", "--json", "--directory", directory]));
      ofContainer = descendantsOf(unshare.pid).map(({ pid }) => pid);
      killByIdentity(first);
    };
    await gateway.run({ end: "signal" }, { prefix: ["unshare", "--pid", "--fork", "--mount-proc"], tell });
    const { findings, looked } = JSON.parse(stdout) as { findings: { kind: string }[]; looked: object };
    expect(findings.filter(({ kind }) => kind !== "no-cgroup")).toEqual([]);
    expect(looked).toMatchObject({ gateways: 1, guardians: 1 });
    // There are others outside, of other tests.
    const outside = JSON.parse(fromOutside) as { findings: { processes: { pid: number }[] }[] };
    const named = outside.findings.flatMap(({ processes }) => processes.map(({ pid }) => pid));
    expect(named.filter((pid) => ofContainer.includes(pid))).toEqual([]);
  });

  it.each([
    ["no number", ["doctor", "--pid", "x"]],
    ["nobody's", ["doctor", "--pid", "4194303"]],
    ["an option that there is none", ["doctor", "--fix"]],
    ["not to be shown and done at once", ["reap", "--dry-run", "--yes"]],
  ])("should refuse what is %s with exit code 2", async (_what, args) => {
    const { code, stderr, stdout } = await runCli(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/pid|--fix|--dry-run/);
  });
});

describe("a finding", () => {
  const gateway = { pid: 10, keepsLedger: true, remotes: [] };
  const living = { ...tree, processes: [process1], doubtful: [] };
  it.each<[string, string, Partial<Survey>, RegExp]>([
    [
      "a tree whose gateway is dead",
      "dead-owner",
      { gateways: [{ ...gateway, state: "dead", trees: [living] }] },
      /reap --yes/,
    ],
    [
      "a record whose tree is gone with its gateway",
      "stale-record",
      { gateways: [{ ...gateway, state: "rebooted", trees: [{ ...living, state: "empty", processes: [] }] }] },
      /reap --yes/,
    ],
    [
      "an HTTP session that a dead gateway left",
      "stale-record",
      { gateways: [{ ...gateway, state: "dead", trees: [], remotes: [remote] }] },
      /reap --yes/,
    ],
    ["a marked process that nobody owns", "no-owner", { strays: [living] }, /kill -9 50/],
    [
      "a cgroup of ours with strangers in it",
      "no-owner",
      { strayCgroups: [{ path: "/c", processes: [process1] }] },
      /cgroup\.kill/,
    ],
    ["a file that is not believed", "ledger", { badFiles: [{ file: "f", problem: "cut short" }] }, /remove/],
    [
      "zombies of a living gateway's tree",
      "unreaped",
      { gateways: [{ ...gateway, state: "alive", trees: [{ ...living, unreaped: [process1] }] }] },
      /--init/,
    ],
    [
      "a tree that a living gateway could not end",
      "leaked",
      { gateways: [{ ...gateway, state: "alive", trees: [{ ...living, state: "leaked" }] }] },
      /-p 50$/,
    ],
    ["what looks like a server and is nobody's", "guess", { orphans: [process1] }, /if it is nobody's/],
    ["a guardian whose gateway is gone", "late-guardian", { lateGuardians: [process1] }, /ten seconds/],
  ])("should tell of %s, with a remedy", (_what, kind, part, remedy) => {
    expect(findingsOf({ ...nothing, ...part }, undefined)).toMatchObject([
      { kind, remedy: expect.stringMatching(remedy) as string },
    ]);
  });

  it("should tell of missing cgroups with a remedy, and of a living gateway's trees nothing", () => {
    expect(findingsOf(nothing, "not writable")).toMatchObject([{ kind: "no-cgroup" }]);
    expect(findingsOf({ ...nothing, gateways: [{ ...gateway, state: "alive", trees: [living] }] }, undefined)).toEqual(
      [],
    );
  });
});

async function liveGateway(ledger: false | { guardian: boolean }): Promise<{ directory: string }> {
  const directory = join(mkdtempSync(join(tmpdir(), "ps-")), "mcp-lifecycle");
  const subject = await startHostileSubject("helper-detached");
  const options: SupervisorOptions = {
    ledger: ledger && { directory, ...ledger },
    servers: { server: subject.config },
  };
  const supervisor = createSupervisor({ ...options, signals: false });
  onTestFinished(async () => {
    await supervisor.shutdown();
    await subject[Symbol.asyncDispose]();
    rmSync(join(directory, ".."), { recursive: true });
  });
  await supervisor.session("chat").run((lease) => lease.client("server"));
  return { directory };
}

function gatewayIn(stdout: string, pid: number): Survey["gateways"][number] | undefined {
  const { gateways } = JSON.parse(stdout) as Survey;
  return gateways.find((gateway) => gateway.pid === pid);
}
