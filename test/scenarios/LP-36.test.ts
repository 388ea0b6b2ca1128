import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { createWitness } from "../../src/testing/witness/index.js";
import { until } from "../real/support/until.js";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

/** Says of the processes in `pids` which live (a zombie does not), and then what ended. */
const tellTale = `cd "$FOLDER"
  for pid in $(cat pids); do grep -q '^State:.[^ZX]' /proc/$pid/status 2>&- && grep ^Name: /proc/$pid/status; done > told
  echo "$MCP_LIFECYCLE_ENDED" >> told`;

scenario("LP-36 a command of the host runs once the tree is gone, and is told what ended", async () => {
  using folder = temporaryFolder();
  const afterClose = { command: "sh", args: ["-c", tellTale], env: { FOLDER: folder.path } };
  await using gateway = await gatewayWith("helper-detached", { lifecycle: { afterClose } });
  const session = gateway.supervisor.session("chat");
  await session.run((lease) => lease.client("server"));
  const leader = gateway.supervisor.inspect().sessions[0]?.connections[0]?.pid;
  const helper = () => gateway.witness.holders().find(({ ppid }) => ppid === leader)?.pid;
  await until(() => helper() !== undefined, "the server did not start its helper");
  const pids = [leader, helper()];
  writeFileSync(join(folder.path, "pids"), pids.join("\n"));

  const { outcome, connections } = await session.end();

  const [connection] = connections;
  const ended = { connection: connection?.id, server: "server", session: "chat" };
  expect(readFileSync(join(folder.path, "told"), "utf8")).toBe(`${JSON.stringify(ended)}\n`);
  expect(outcome).toBe("closed");
  expect(connection?.afterClose).toEqual({ tookMs: expect.any(Number), exit: { code: 0, signal: null } });
  expect(connection?.phases.at(-1)?.name).toBe("afterClose");
});

/** By which the run finds what a test leaves. */
const mark = { MCP_LIFECYCLE_TEST_RUN: process.env["MCP_LIFECYCLE_TEST_RUN"] ?? "" };
const holdWitness = 'exec 3>"$WITNESS_FIFO"; echo held >&3;';

scenario.each([
  ["fails", `${holdWitness} echo no such container >&2; exit 3`, {}, /^it exited with code 3; .*no such container/],
  ["does not exist", undefined, {}, /"no-such-command" does not exist/],
  ["hangs", `${holdWitness} trap "" TERM; sleep 60 & sleep 60; true`, { timeoutMs: 1_000 }, /its time was over/],
  ["leaves a daemon", `${holdWitness} setsid sleep 60 & exit 0`, {}, /it left 1 process/],
])("LP-36 a command that %s does not fail the end, and nothing of it is left", async (_how, script, limit, saying) => {
  await using witness = await createWitness();
  const command = script === undefined ? { command: "no-such-command" } : { command: "sh", args: ["-c", script] };
  const lifecycle = { afterClose: { ...command, ...limit, env: { ...witness.env, ...mark } } };
  await using gateway = await gatewayWith("well-behaved", { lifecycle });
  const session = gateway.supervisor.session("chat");
  await session.run((lease) => lease.client("server"));
  const { outcome, connections } = await session.end();
  if (script !== undefined) await witness.gone();
  expect(outcome).toBe("closed");
  expect(connections[0]?.afterClose?.problem).toMatch(saying);
});

scenario("LP-36 a command that hangs does not lengthen an end beyond its deadline", async () => {
  await using witness = await createWitness();
  const afterClose = { command: "sh", args: ["-c", `${holdWitness} sleep 60`], env: { ...witness.env, ...mark } };
  await using gateway = await gatewayWith("ignores-everything", { lifecycle: { inputEndedMs: 60_000, afterClose } });
  const session = gateway.supervisor.session("chat");
  await session.run((lease) => lease.client("server"));
  const { outcome, startedAt, endedAt, connections } = await session.end({ deadlineMs: 1_500 });
  await witness.gone();
  await gateway.witness.gone();
  expect(outcome).toBe("closed");
  expect(endedAt - startedAt).toBeLessThan(2_000);
  expect(connections[0]?.afterClose?.problem).toMatch(/it was killed/);
});

function temporaryFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), "after-close-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}
