import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, expect, it, onTestFinished } from "vitest";
import { hostileServer, type HostileServerName, hostileServers } from "../../../src/testing/hostile/index.js";
import { createWitness } from "../../../src/testing/witness/index.js";

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly result?: { readonly [key: string]: unknown };
}

describe.runIf(process.platform === "linux")("hostile servers", () => {
  const silent: HostileServerName[] = ["crashes-in-initialize", "crashes-with-helper", "never-initializes"];
  const answering = (Object.keys(hostileServers) as HostileServerName[]).filter((name) => !silent.includes(name));

  it.each(answering)("should answer initialize: %s", async (name) => {
    const { ask } = await start(name);
    const { result } = await ask("initialize", { protocolVersion: "2025-11-25" });
    expect(result?.["protocolVersion"]).toBe(name === "wrong-version" ? "1999-01-01" : "2025-11-25");
  });

  it.each(["crashes-in-initialize", "crashes-with-helper"] as const)("should crash: %s", async (name) => {
    const { child, ask } = await start(name);
    void ask("initialize", {});
    expect(await once(child, "exit")).toEqual([7, null]);
  });

  it("should be refused by a name that there is none of, with those that there are", () => {
    const name = "polite" as HostileServerName;
    expect(() => hostileServer(name)).toThrow(/"polite".*well-behaved, /);
  });

  it("should list its tools page by page", async () => {
    const { ask } = await start("well-behaved", ["--page-size=3"]);
    const first = await ask("tools/list", {});
    expect(first.result?.["tools"]).toHaveLength(3);
    const second = await ask("tools/list", { cursor: first.result?.["nextCursor"] });
    expect(second.result?.["tools"]).toHaveLength(3);
  });

  it("should call its tools", async () => {
    const { child, ask, notified } = await start("well-behaved");
    const call = async (name: string, args = {}) => (await ask("tools/call", { name, arguments: args })).result;
    expect(await call("echo", { message: "hi" })).toEqual({ content: [{ type: "text", text: "hi" }] });
    expect(JSON.stringify(await call("pid"))).toContain(String(child.pid));
    await call("slow", { ms: 1 });
    await call("grow-tools");
    expect(notified).toContain("notifications/tools/list_changed");
    void call("crash");
    expect(await once(child, "exit")).toEqual([7, null]);
  });

  it("should end by itself, with all that it started, when its lifetime is over", async () => {
    const { witness, ask } = await start("helpers-all", [
      "--lifetime=8000",
      "--helper=nested",
      "--ignore-eof",
      "--ignore-term",
    ]);
    await ask("initialize", {});
    // The zombie's parent is a program that knows of no lifetime: it sleeps 120 s.
    await expect
      .poll(() => witness.holders().map(({ command }) => command), { timeout: 40_000 })
      .toEqual(["sleep 120"]);
  });

  it("should be blocked by stderr that nobody reads, and go on when it is read", async () => {
    const { child, ask } = await start("floods-stderr");
    child.stderr.pause();
    let answered = false;
    const pinged = ask("ping", {}).then(() => (answered = true));
    await expect.poll(() => child.stderr.readableLength).toBeGreaterThan(0);
    expect(answered).toBe(false);
    child.stderr.resume();
    await pinged;
  });

  it("should end its chain of forks by itself", async () => {
    const { child, witness, ask } = await start("forks-at-end");
    await ask("ping", {});
    child.stdin.end();
    await once(child, "exit");
    expect(witness.isHeld).toBe(true);
    await witness.gone({ withinMs: 30_000 });
  });
});

async function start(name: HostileServerName, flags: readonly string[] = []) {
  const witness = await createWitness();
  const { command, args, env } = hostileServer(name, { witness, flags });
  const child: ChildProcessWithoutNullStreams = spawn(command, args, {
    env: { PATH: process.env["PATH"] ?? "", ...env },
  });
  onTestFinished(async () => {
    // It may fork while it is killed.
    for (; witness.isHeld; await new Promise((resolve) => setTimeout(resolve, 5))) {
      for (const { pid } of witness.holders()) killIfAlive(pid);
    }
    for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.destroy();
    await witness.dispose();
  });
  child.stdin.on("error", () => {});
  child.stderr.resume();
  const answers = new Map<number, (answer: Answer) => void>();
  const notified: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    const answer = JSON.parse(line) as Answer;
    if (answer.method !== undefined) notified.push(answer.method);
    if (answer.id !== undefined) answers.get(answer.id)?.(answer);
  });
  const ask = (method: string, params: object) =>
    new Promise<Answer>((resolve) => {
      const id = answers.size + 1;
      answers.set(id, resolve);
      child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    });
  return { child, witness, ask, notified };
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended meanwhile.
  }
}
