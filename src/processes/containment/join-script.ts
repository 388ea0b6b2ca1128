import type { TreeSpec } from "../../ports/process-host.js";

type Program = Pick<TreeSpec, "command" | "args" | "env">;

/**
 * A shell that joins the cgroup and becomes the program, so that there is no moment at which it could start anybody outside. The pid, the
 * pipes and the working directory are the program's. What goes wrong is written to descriptor 3, which is closed for the program: the copy
 * that a shell keeps of it meanwhile is closed by the exec.
 */
export function joinThenExecute(cgroup: string, { command, args, env }: Program): Program {
  const restored = ownVariables.map((name) => {
    const value = env[name];
    return value === undefined ? `unset ${name}` : `export ${name}=${quoted(value)}`;
  });
  const script = [
    // 0 is whoever writes it, in whatever pid namespace.
    `{ echo 0 >${quoted(`${cgroup}/cgroup.procs`)}; } 2>&3 || exit 125`,
    // A shell that cannot execute exits: dash and busybox run the trap then, bash goes on if it is told to.
    `if [ -n "$BASH_VERSION" ]; then shopt -s execfail; fi 2>/dev/null`,
    `trap 'echo "exec $?" >&3' EXIT`,
    ...restored,
    `{ exec "$@"; } 3>&-`,
    "exit",
  ].join("\n");
  return { command: "/bin/sh", args: ["-c", script, "sh", command, ...args], env };
}

/** What the script tells of a program that could not be executed: the system's error code, as node would give it. */
export function execFailure(told: string): "ENOENT" | "EACCES" | undefined {
  const status = /^exec (\d+)$/m.exec(told)?.[1];
  if (status === "126") return "EACCES";
  return status === "127" ? "ENOENT" : undefined;
}

/** Variables that a shell would drop, because they have no name of its own kind, or change, because it uses them itself. */
export function unpassableVariables(env: TreeSpec["env"]): string[] {
  return Object.keys(env).filter((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || kept.has(name));
}

/** A shell sets these whether there were any before or not. */
const ownVariables = ["PWD", "OLDPWD", "SHLVL"];

const kept = new Set(["BASHOPTS", "BASH_VERSION", "EUID", "IFS", "LINENO", "OPTIND", "PPID", "SHELLOPTS", "UID"]);

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
