import { expect, it } from "vitest";
import { noLedger, noLogger, systemClock } from "../../src/ports/index.js";
import { createProcessHost } from "../../src/processes/index.js";
import { createAfterClose, type HeldAfterClose } from "../../src/transports/after-close.js";
import { createWitness, type Witness } from "../../src/testing/witness/index.js";
import { context } from "./support/opened.js";

const onLinux = it.runIf(process.platform === "linux");
const script = 'exec 3>"$WITNESS_FIFO"; trap "" TERM; setsid sleep 60 & sleep 60; true';

function hangingCommand(witness: Witness): HeldAfterClose {
  const mark = { MCP_LIFECYCLE_TEST_RUN: process.env["MCP_LIFECYCLE_TEST_RUN"] ?? "" };
  const deps = { processHost: createProcessHost(), ledger: noLedger, clock: systemClock, logger: noLogger };
  const command = { command: "sh", args: ["-c", script], env: { ...witness.env, ...mark } };
  return createAfterClose({ connectionId: "c1", context }, command, deps);
}

onLinux("a command that was told to stop should be over only when nothing of it is left", async () => {
  await using witness = await createWitness();
  const command = hangingCommand(witness);
  const running = command.run();
  await witness.held();
  await command.stop();
  await witness.gone();
  await running;
  expect(command.report).toMatchObject({ exit: { signal: "SIGKILL" }, problem: "it was killed: its time was over" });
});

onLinux.each(["killSync", "dispose"] as const)("%s should leave nothing of a command that runs", async (how) => {
  await using witness = await createWitness();
  const command = hangingCommand(witness);
  const running = command.run();
  await witness.held();
  command[how]();
  await witness.gone({ withinMs: 5_000 });
  await running;
});

onLinux("a command that is asked for twice should run once", async () => {
  await using witness = await createWitness();
  const command = hangingCommand(witness);
  const running = [command.run(), command.run()];
  expect(running[0]).toBe(running[1]);
  await witness.held();
  command.dispose();
  await Promise.all(running);
});

onLinux("a command that was given up before it was started should never run", async () => {
  await using witness = await createWitness();
  const command = hangingCommand(witness);
  await command.stop();
  await command.run();
  expect(witness.isHeld).toBe(false);
  expect(command.report).toMatchObject({ exit: undefined, problem: "it was killed: its time was over" });
});
