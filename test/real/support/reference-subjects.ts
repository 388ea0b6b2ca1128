import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { shortGraces } from "./graces.js";
import { markedProcesses } from "./marked-processes.js";
import type { Subject, SubjectKind } from "./subject.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Path of the program of a reference server. */
export const serverProgram = (name: string) =>
  join(root, "node_modules/@modelcontextprotocol", `server-${name}`, "dist/index.js");

const everything = serverProgram("everything");
// Reports its progress, and takes longer than any test looks.
const longCall = { tool: "trigger-long-running-operation", args: { duration: 100, steps: 1000 } };

export const everythingKind = kind("server-everything", () => ({ command: process.execPath, args: [everything] }));

export const shellKind = kind("server-everything behind sh -c", () => ({
  command: "sh",
  args: ["-c", `"${process.execPath}" "${everything}"; true`],
}));

/** Costs 2 s of a processor to start: npm, a shell, the server. */
export const npxKind = kind("server-everything behind npx", () => ({
  command: "npx",
  args: ["--no-install", "mcp-server-everything"],
  cwd: root,
  env: { npm_config_update_notifier: "false", npm_config_offline: "true" },
}));

export const filesystemKind: SubjectKind = {
  name: "server-filesystem",
  opens: "for good",
  losableLeader: true,
  // A pipe that nobody writes to: the read never comes back, and occupies a thread that does not let the process exit.
  call: { tool: "read_text_file", args: { path: "pipe" } },
  start: async () => {
    const directory = realpathSync(mkdtempSync(join(tmpdir(), "mcp-real-")));
    execFileSync("mkfifo", [join(directory, "pipe")]);
    const subject = marked({
      command: process.execPath,
      args: [serverProgram("filesystem"), directory],
      cwd: directory,
    });
    return {
      ...subject,
      [Symbol.asyncDispose]: async () => {
        await subject[Symbol.asyncDispose]();
        rmSync(directory, { recursive: true });
      },
    };
  },
};

interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

function kind(name: string, command: () => Command): SubjectKind {
  return { name, opens: "for good", losableLeader: true, call: longCall, start: async () => marked(command()) };
}

function marked({ env, ...command }: Command): Subject {
  const processes = markedProcesses();
  return {
    config: { ...command, env: { ...env, ...processes.env }, lifecycle: shortGraces },
    begun: (pid) => processes.begun(pid),
    remember: (pid) => processes.remember(pid),
    touched: async () => processes.wasSeen,
    nothingLeft: () => processes.nothingLeft(),
    [Symbol.asyncDispose]: async () => processes.killRest(),
  };
}
