import { spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { resolve } from "node:path";
import { messageOf, SpawnError } from "../../errors/index.js";
import type { TreeSpec } from "../../ports/process-host.js";
import type { Containment } from "./containment.js";

/**
 * A pid namespace of its own for each tree, by util-linux: the kernel kills everybody in it when the server, its pid 1, is gone; and the
 * server when this process is. Its leader is `unshare`, which waits for it.
 */
export function namespaceContainment(): Containment {
  return {
    level: "namespace",
    placeOf: () => ({ containment: "namespace" }),
    announce: () => () => Promise.resolve(),
    prepare: async (spec) => {
      requireProgram(spec);
      const [command = "", ...prefix] = namespacePrefix();
      return { command, args: [...prefix, "--", spec.command, ...spec.args], env: spec.env, tells: false };
    },
    undo: () => undefined,
  };
}

/** What keeps this process from making pid namespaces, if anything does. Makes one. */
export function whyNoNamespace(): string | undefined {
  const [command = "", ...args] = namespacePrefix();
  const { status, error, stderr } = spawnSync(command, [...args, "--", "true"], { encoding: "utf8" });
  if (error) return messageOf(error);
  return status === 0 ? undefined : stderr.trim() || `unshare ended with ${status}`;
}

/** Words before the server's command line. */
function namespacePrefix(): readonly string[] {
  // Where we are not root, only root of a user namespace of ours may make one.
  const asUser = process.getuid?.() === 0 ? [] : ["--user", "--map-current-user"];
  const inNamespace = ["unshare", ...asUser, "--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc"];
  return ["setpriv", "--pdeathsig", "KILL", ...inNamespace];
}

/** What is executed first is util-linux, which exists: that the server's program does not would be found too late. */
function requireProgram({ command, env, cwd = process.cwd() }: TreeSpec): void {
  const folders = command.includes("/") ? [""] : (env["PATH"] ?? "/bin:/usr/bin").split(":");
  const problems = folders.map((folder) => problemOf(resolve(cwd, folder, command)));
  if (problems.includes(undefined)) return;
  const problem = problems.includes("is not executable") ? "is not executable" : "does not exist";
  throw new SpawnError("command", `"${command}" ${problem}`);
}

function problemOf(path: string): string | undefined {
  try {
    if (!statSync(path).isFile()) return "is not executable";
    accessSync(path, constants.X_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EACCES" ? "is not executable" : "does not exist";
  }
}
