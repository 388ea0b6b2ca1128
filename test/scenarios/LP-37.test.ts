import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createSupervisor } from "../../src/index.js";
import { presets } from "../../src/testing/simulation/index.js";
import { runCli } from "../cli/cli.js";
import { canFreeze, freeze } from "../real/support/freeze.js";
import { startHostileSubject } from "../real/support/hostile-subjects.js";
import { rejection } from "../real/support/until.js";
import { simulate } from "../supervisor/simulated.js";

test("LP-37 a process that SIGKILL does not end is reported, keeps its slot, and is tried again until it is gone", async () => {
  const { world, supervisor, run } = simulate({ files: [presets.unkillable, {}] }, { limits: { trees: 1 } });
  const session = supervisor.session("chat");
  await run(session.run((lease) => lease.client("files")));
  const { pid, id } = supervisor.inspect().sessions[0]?.connections[0] ?? {};
  const [leaked, recovered]: [unknown[], unknown[]] = [[], []];
  supervisor.on("leaked", (connection) => void leaked.push(connection));
  supervisor.on("recovered", (receipt) => void recovered.push(receipt));

  const receipt = await run(session.end());

  expect(receipt).toMatchObject({ outcome: "leaked", connections: [{ pid, survivors: [{ pid }] }] });
  expect(supervisor.inspect()).toMatchObject({
    sessions: [{ key: "chat", connections: [{ id, pid, state: "leaked" }] }],
    admission: { trees: 1 },
  });
  const other = await supervisor.session("other").acquire();
  expect(await run(rejection(other.client("files")))).toMatchObject({ code: "ADMISSION", limit: "trees" });

  const tries = () => world.processHost.log.filter(({ signal }) => signal === "SIGKILL").length;
  const before = tries();
  await world.clock.advanceBy(10_000);
  expect(tries()).toBeGreaterThan(before);
  world.processes.thaw();
  await world.clock.advanceBy(120_000);

  expect(leaked, "a leak is told once, however often it is tried again").toMatchObject([
    { id, pid, outcome: "leaked" },
  ]);
  expect(world.ledger.answers.count("leaked"), "nor is its record written again").toBe(1);
  expect(recovered).toEqual([expect.objectContaining({ outcome: "closed", recovers: receipt.id })]);
  expect(await run(other.client("files"))).toBeDefined();
  await run(supervisor.shutdown());
  world.truth.assertNothingLeft();
});

test.runIf(canFreeze)(
  "LP-37 a frozen process is leaked until it is thawed, and `doctor` says so to everybody else",
  async () => {
    const scratch = mkdtempSync(join(tmpdir(), "leaked-"));
    const directory = join(scratch, "mcp-lifecycle");
    await using subject = await startHostileSubject("well-behaved");
    const lifecycle = { inputEndedMs: 20, terminatingMs: 20, verifyMs: 200 };
    const supervisor = createSupervisor({
      servers: { files: { ...subject.config, lifecycle } },
      ledger: { directory },
      signals: false,
    });
    onTestFinished(async () => {
      await supervisor.shutdown();
      rmSync(scratch, { recursive: true });
    });
    const session = supervisor.session("chat");
    await session.run((lease) => lease.client("files"));
    const pid = supervisor.inspect().sessions[0]?.connections[0]?.pid ?? 0;
    const recovered = new Promise((resolve) => supervisor.on("recovered", resolve));
    const doctor = async () => (await runCli(["doctor", "--directory", directory])).stdout;

    using frozen = freeze(pid);
    expect(await session.end()).toMatchObject({ outcome: "leaked", connections: [{ survivors: [{ pid }] }] });

    await expect.poll(doctor).toMatch(/^leaked: server "files" of session "chat"/m);
    expect(await doctor()).toContain(`    pid ${pid} (parent ${process.pid})`);
    frozen.thaw();
    expect(await recovered).toMatchObject({ outcome: "closed" });
    await subject.nothingLeft();
    await expect.poll(() => readdirSync(directory)).toEqual([]);
  },
);
