import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { createSupervisor } from "../../src/index.js";
import { presets } from "../../src/testing/simulation/index.js";
import { seeProcess } from "../../src/testing/witness/seen-process.js";
import { pidOf } from "../real/support/asked-calls.js";
import { killByIdentity } from "../real/support/kill.js";
import { startHostileSubject } from "../real/support/hostile-subjects.js";
import { levels } from "./support/levels.js";
import { simulate } from "../supervisor/simulated.js";

test.runIf(process.platform === "linux").each(levels)(
  "LP-33 an end signals neither the host nor its other children nor the servers of a gateway beside it, held by %s",
  async (containment) => {
    await using ours = await startHostileSubject("ignores-everything");
    await using theirs = await startHostileSubject("ignores-everything");
    const child = spawn("sleep", ["60"], { stdio: "ignore" });
    onTestFinished(() => void child.kill("SIGKILL"));
    const gateways = [ours, theirs].map(({ config }) =>
      createSupervisor({ servers: { server: config }, signals: false, containment }),
    );
    const sessions = gateways.map((gateway) => gateway.session("chat"));
    const pids = await Promise.all(sessions.map((session) => session.run((lease) => pidOf(lease))));

    await gateways[0]?.shutdown();

    await ours.witness.gone();
    expect(theirs.witness.holders().map(({ pid }) => pid)).toEqual([pids[1]]);
    expect(child.exitCode ?? child.signalCode).toBeNull();
    await gateways[1]?.shutdown();
    await theirs.witness.gone();
  },
);

test("LP-33 who got the pid of our dead server is not signalled for what that server left", async () => {
  const { world, supervisor, run } = simulate({ files: presets.ownSession });
  const session = supervisor.session("chat");
  await run(session.run((lease) => lease.client("files")));
  const { id = "", pid = 0 } = supervisor.inspect().sessions[0]?.connections[0] ?? {};
  world.crash(id);
  const stranger = world.processes.spawnForeign({ onSigterm: 0 }, { pid });
  expect(stranger?.pid).toBe(pid);

  const receipt = await run(session.end());

  expect(receipt.outcome).toBe("closed");
  expect(stranger?.state).toBe("running");
  world.truth.assertNothingLeft();
});

test.runIf(process.platform === "linux")(
  "LP-33 where it is in doubt whose a process is nobody signals it, and the tree is reported as leaked",
  async () => {
    // Its child is born after the last look and reparented before the next: only the number of the group speaks for it.
    const leader = spawn("/bin/sh", ["-c", "read go; sleep 60 & exit 0"], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
    });
    const transport = { start: async () => {}, send: async () => {}, close: async () => {} };
    const supervisor = createSupervisor({ signals: false });
    const session = await supervisor.adopt("chat", transport, { pid: leader.pid ?? 0 });
    leader.stdin.write("go\n");
    await once(leader, "exit");

    const { outcome, connections } = await session.end({ deadlineMs: 600 });

    const [left] = connections[0]?.doubtful ?? [];
    const seen = seeProcess(left?.pid ?? 0);
    if (seen !== undefined) killByIdentity(seen);
    expect({ outcome, survivors: connections[0]?.survivors }).toEqual({ outcome: "leaked", survivors: [] });
    expect(seen?.command).toBe("sleep 60");
  },
);
