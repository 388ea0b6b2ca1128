import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { createWitness, WitnessError } from "../../../src/testing/witness/index.js";

describe.runIf(process.platform === "linux")("the witness", () => {
  it("should be held by a process that opened it, and gone at its end", async () => {
    const { witness, child } = await held('exec 3>"$WITNESS_FIFO"; exec sleep 60');
    expect(witness.isHeld).toBe(true);
    expect(witness.holders().map(({ pid }) => pid)).toEqual([child.pid]);
    child.kill("SIGKILL");
    await witness.gone({ withinMs: 5_000 });
    expect(witness.isHeld).toBe(false);
  });

  it("should be held by the last process that inherited it, whatever became of the others", async () => {
    const { witness, child } = await held(
      'exec 3>"$WITNESS_FIFO"; setsid env -i /bin/sleep 60 </dev/null >/dev/null 2>&1 & wait',
    );
    await expect.poll(() => witness.holders().length).toBe(2);
    child.kill("SIGKILL");
    await expect.poll(() => witness.holders().length).toBe(1);
    await expect(witness.gone()).rejects.toThrow(/held after 0 ms, by:\n {2}pid \d+, child of \d+: .*sleep 60/);
    for (const { pid } of witness.holders()) process.kill(pid, "SIGKILL");
    await witness.gone({ withinMs: 5_000 });
  });

  it("should have been held by who opened it, wrote, and went before anybody asked", async () => {
    const { witness, child } = await held('exec 3>"$WITNESS_FIFO"; echo $$ >&3');
    await expect.poll(() => child.exitCode).toBe(0);
    await witness.gone();
  });

  it("should refuse to prove the end of what never held it", async () => {
    const witness = await createWitness();
    onTestFinished(() => witness.dispose());
    await expect(witness.gone()).rejects.toThrow(/nothing ever held the witness/);
    await expect(witness.held({ withinMs: 20 })).rejects.toBeInstanceOf(WitnessError);
  });

  it("should leave no file when it is disposed, twice if need be", async () => {
    const witness = await createWitness();
    await witness.dispose();
    await witness.dispose();
    expect(existsSync(witness.env.WITNESS_FIFO)).toBe(false);
    expect(witness.isHeld).toBe(false);
  });
});

async function held(
  script: string,
): Promise<{ witness: Awaited<ReturnType<typeof createWitness>>; child: ChildProcess }> {
  const witness = await createWitness();
  const child = spawn("/bin/sh", ["-c", script], { env: { ...process.env, ...witness.env }, stdio: "ignore" });
  onTestFinished(async () => {
    for (const { pid } of witness.holders()) process.kill(pid, "SIGKILL");
    await witness.dispose();
  });
  await witness.held();
  return { witness, child };
}
