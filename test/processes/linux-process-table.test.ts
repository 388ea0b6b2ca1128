import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { createLinuxProcessTable, type ProcessEntry, type ProcessTable } from "../../src/processes/index.js";

describe.runIf(process.platform === "linux")("the process table of Linux", () => {
  const table = createLinuxProcessTable();

  it("should list and read this process", () => {
    expect(table.pids()).toContain(process.pid);
    expect(read(table, process.pid)).toMatchObject({ pid: process.pid, ppid: process.ppid, state: "running" });
    expect(table.command(read(table, process.pid))).toContain("node");
  });

  it("should say that a process is gone, and nothing else, when it is gone", async () => {
    const child = start("sleep", {});
    const entry = read(table, child.pid ?? 0);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(table.read(entry.pid)).toBe("gone");
    expect(table.marks(entry)).toBe("gone");
    expect(table.startTimeOf(entry.pid)).toBeUndefined();
  });

  it("should find the names of cookies, wherever they stand, and not their values", () => {
    const env = {
      MCP_LIFECYCLE_first: "1",
      OTHER: "MCP_LIFECYCLE_value=1",
      MCP_LIFECYCLE_last: "",
      NOT_MCP_LIFECYCLE_x: "1",
    };
    const child = start("sleep", env);
    expect(table.marks(read(table, child.pid ?? 0))).toEqual(["MCP_LIFECYCLE_first", "MCP_LIFECYCLE_last"]);
  });

  it("should take a cleared environment for what it is: known to hold no cookie", () => {
    expect(table.marks(read(table, start("sleep", {}).pid ?? 0))).toEqual([]);
  });

  it("should not take a zombie's missing environment for anything", async () => {
    // The shell becomes a program that never waits for the child it had.
    const parent = start("sh", { PATH: process.env["PATH"] ?? "" }, ["-c", "sleep 0 & exec sleep 60"]);
    const zombie = await waitForZombieOf(table, parent.pid ?? 0);
    expect(table.marks(zombie)).toEqual([]);
    expect(table.command(zombie)).toBe("[sleep]");
  });
});

describe("the process table of Linux on a recorded /proc", () => {
  const root = mkdtempSync(join(tmpdir(), "proc-"));
  const table = createLinuxProcessTable({ root });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const record = (pid: number, files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(root, String(pid), name, ".."), { recursive: true });
      writeFileSync(join(root, String(pid), name), text, "latin1");
    }
  };
  const stat = (pid: number, { state = "S", flags = 0, threads = 1, environment = [0, 0] } = {}) =>
    `${pid} (prog) ${state} 1 7 7 0 -1 ${flags} 0 0 0 0 0 0 0 0 20 0 ${threads} 0 500 ${"0 ".repeat(27)}${environment.join(" ")} 0\n`;

  it("should tell how far numbers have come, or nothing where one of the three counts is missing", () => {
    mkdirSync(join(root, "sys/kernel"), { recursive: true });
    writeFileSync(join(root, "stat"), "cpu  1 2 3\nbtime 1790000000\nprocesses 2304284\nprocs_running 2\n");
    writeFileSync(join(root, "loadavg"), "8.48 6.47 6.74 5/327 509\n");
    expect(table.pidOrder?.()).toBeUndefined();
    writeFileSync(join(root, "sys/kernel/pid_max"), "32768\n");
    expect(table.pidOrder?.()).toEqual({ starts: 2_304_284, tasks: 327, pidMax: 32_768 });
    writeFileSync(join(root, "stat"), "cpu  1 2 3\n");
    expect(table.pidOrder?.()).toBeUndefined();
  });

  it("should call a process unsettled that has no environment because it is in an exec", () => {
    record(7, { stat: stat(7), environ: "" });
    expect(table.marks(read(table, 7))).toBe("unsettled");
  });

  it("should call it unsettled too if the exec is over by the time that this is asked: nothing was read of the new one", () => {
    record(7, { stat: stat(7, { environment: [1000, 1200] }), environ: "" });
    expect(table.marks(read(table, 7))).toBe("unsettled");
  });

  it("should believe in an empty environment that is there", () => {
    record(7, { stat: stat(7, { environment: [1000, 1000] }), environ: "" });
    expect(table.marks(read(table, 7))).toEqual([]);
  });

  it("should expect nothing more of a process that was read as exiting, and want it read again if it was running", () => {
    record(7, { stat: stat(7, { flags: 4 }), environ: "" });
    expect(table.marks(read(table, 7))).toEqual([]);
    expect(table.marks({ ...read(table, 7), state: "running" })).toBe("gone");
  });

  it("should read the environment of a program whose first thread has ended from one of its other threads", () => {
    record(7, {
      stat: stat(7, { state: "Z", threads: 2 }),
      "task/7/comm": "",
      "task/8/environ": "MCP_LIFECYCLE_a=1\0B=2\0",
    });
    expect(table.marks(read(table, 7))).toEqual(["MCP_LIFECYCLE_a"]);
  });

  it("should say gone where another process has the pid by now", () => {
    record(7, { stat: stat(7), environ: "" });
    expect(table.marks({ ...read(table, 7), startTime: "499" })).toBe("gone");
  });

  it("should shorten long command lines", () => {
    record(7, { stat: stat(7), cmdline: `node\0${"x".repeat(500)}\0` });
    expect(table.command(read(table, 7))).toHaveLength(200);
  });
});

function start(command: string, env: Record<string, string>, args: string[] = ["60"]) {
  const child = spawn(command === "sleep" ? "/bin/sleep" : `/bin/${command}`, args, { env, stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

function read(table: ProcessTable, pid: number): ProcessEntry {
  const entry = table.read(pid);
  if (typeof entry === "string") throw new Error(`process ${pid} is ${entry}`);
  return entry;
}

async function waitForZombieOf(table: ProcessTable, parent: number): Promise<ProcessEntry> {
  for (;;) {
    for (const pid of table.pids()) {
      const entry = table.read(pid);
      if (typeof entry !== "string" && entry.ppid === parent && entry.state === "zombie") return entry;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
