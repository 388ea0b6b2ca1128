import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { SpawnError } from "../../../src/errors/index.js";
import {
  createCookie,
  createProcessHost,
  type ProcessHost,
  type SpawnedTree,
  type TreeSpec,
} from "../../../src/processes/index.js";
import { openCgroup } from "../../../src/processes/containment/cgroup.js";
import { ownCgroup } from "../../../src/processes/containment/cgroup-mount.js";
import { cgroupPath, recognisedCgroup } from "../../../src/processes/containment/recognised-cgroup.js";
import { killUntilGone, startHostile } from "../hostile-tree.js";
import { canUseCgroups, hostAt } from "./levels.js";

const base = ownCgroup() ?? "";
const forever = { command: process.execPath, args: ["-e", "setTimeout(() => {}, 60000)"] };

describe.runIf(canUseCgroups)("a tree in a cgroup of its own", () => {
  it("should be in it before its program executes, with pid, pipes, directory and environment as without", async () => {
    const host = hostAt("cgroup");
    const cookie = createCookie();
    const env = { PATH: process.env["PATH"] ?? "", A: "it's", PWD: "/elsewhere" };
    const script = 'cat /proc/self/cgroup; echo "$$ $PWD"; tr "\\0" "\\n" </proc/$$/environ; ls /proc/$$/fd; cat >&2';
    const tree = await host.spawn({ command: "/bin/sh", args: ["-c", script], env, cwd: "/", cookie });
    tree.stdin.end("to stderr");
    const [output, errors] = await Promise.all([text(tree.stdout), text(tree.stderr)]);
    const name = basename(cgroupPath(base, cookie));
    expect(
      output
        .split("\n")
        .find((line) => line.startsWith("0::"))
        ?.endsWith(`/${name}`),
    ).toBe(true);
    expect(output).toContain(`\n${tree.ref.leader.pid} /\n`);
    for (const [variable, value] of Object.entries({ ...env, [cookie]: "1" }))
      expect(output).toContain(`\n${variable}=${value}\n`);
    expect(output).not.toMatch(/^(SHLVL|OLDPWD)=/m);
    expect(output.split("\n").filter((line) => line === "3")).toEqual([]);
    expect(errors).toBe("to stderr");
    expect(tree.ref).toMatchObject({ containment: "cgroup", cgroup: join(base, name), cookie });
    await ended(host, tree);
  });

  it("should be gone, directory and all, when a look finds nothing", async () => {
    const host = hostAt("cgroup");
    const tree = await host.spawn(spec({ command: "cat" }));
    expect((await host.look(tree.ref)).survivors).toMatchObject([{ pid: tree.ref.leader.pid }]);
    expect(existsSync(tree.ref.cgroup ?? "")).toBe(true);
    tree.stdin.end();
    await ended(host, tree);
    expect(existsSync(tree.ref.cgroup ?? "")).toBe(false);
  });

  it("should not be called gone while the kernel says that somebody is in its cgroup, whatever else is looked at", async () => {
    const tree = await startHostile("helper-cleared-env-detached", { host: hostAt("cgroup") });
    process.kill(tree.ref.leader.pid, "SIGKILL");
    await tree.exited;
    const [helper] = tree.witness.holders();
    expect((await tree.host.look(tree.ref)).survivors.map(({ pid }) => pid)).toEqual([helper?.pid]);
    expect(existsSync(tree.ref.cgroup ?? "")).toBe(true);
    await killUntilGone(tree);
    await tree.witness.gone();
  });

  it("should be found by its cookie where it left its cgroup", async () => {
    const tree = await startHostile("helper-double-fork", { host: hostAt("cgroup") });
    for (const { pid } of tree.witness.holders()) writeFileSync(join(base, "cgroup.procs"), String(pid));
    expect(openCgroup(tree.ref.cgroup ?? "").isPopulated()).toBe(false);
    expect((await tree.host.look(tree.ref)).survivors).toHaveLength(2);
    await killUntilGone(tree);
    await tree.witness.gone();
  });

  it("should be gone with the cgroups that it made below its own", async () => {
    const host = hostAt("cgroup");
    const script =
      'd=$(sed -n "s/^0:://p" /proc/self/cgroup); mkdir -p "$0/${d##*/}/a/b" && echo $$ >"$0/${d##*/}/a/b/cgroup.procs" && echo in && exec sleep 60';
    const tree = await host.spawn(spec({ command: "/bin/sh", args: ["-c", script, base] }));
    await new Promise((resolve) => tree.stdout.once("data", resolve));
    expect((await host.look(tree.ref)).survivors).toHaveLength(1);
    await host.signal(tree.ref, "SIGKILL");
    await ended(host, tree);
    expect(existsSync(tree.ref.cgroup ?? "")).toBe(false);
  });

  it("should lose nothing while somebody is in it", async () => {
    const host = hostAt("cgroup");
    const tree = await host.spawn(spec({ command: "cat" }));
    const below = join(tree.ref.cgroup ?? "", "empty");
    mkdirSync(below);
    expect(openCgroup(tree.ref.cgroup ?? "").remove()).toBe(false);
    expect(existsSync(below)).toBe(true);
    tree.stdin.end();
    await ended(host, tree);
    expect(existsSync(tree.ref.cgroup ?? "")).toBe(false);
  });

  it("should be killed at one instant, whoever it forks meanwhile", async () => {
    const tree = await startHostile("forks-at-end", { host: hostAt("cgroup") });
    tree.stdin.end();
    await tree.exited;
    const { signalled } = await tree.host.signal(tree.ref, "SIGKILL");
    expect(signalled.length).toBeGreaterThan(0);
    // Left to itself the chain goes on for longer.
    await tree.witness.gone({ withinMs: 1_000 });
    expect(openCgroup(tree.ref.cgroup ?? "").isPopulated()).toBe(false);
    await ended(tree.host, tree);
  });

  it("should be killed by the kernel, and nobody in it by his pid", async () => {
    const killed: number[] = [];
    const host = createProcessHost({
      containment: "cgroup",
      kill: (pid, signal) => (killed.push(pid), process.kill(pid, signal)),
    });
    const tree = await host.spawn(spec(forever));
    await host.signal(tree.ref, "SIGKILL");
    await expect(tree.exited).resolves.toEqual({ code: null, signal: "SIGKILL" });
    expect(killed).toEqual([]);
    await ended(host, tree);
  });

  it("should be killed one by one, frozen, where the kernel has no cgroup.kill", async () => {
    const tree = await startHostile("helpers-all", { host: hostAt("cgroup") });
    const cgroup = openCgroup(tree.ref.cgroup ?? "", { killFile: "cgroup.no-such-file" });
    expect(cgroup.kill(process.kill.bind(process))).toHaveLength(8);
    await tree.witness.gone({ withinMs: 5_000 });
    await ended(tree.host, tree);
  });

  it("should be left with nothing by the exit of the gateway, the directory included", async () => {
    // An exit waits for 20 ms at most until who was killed is gone, which on a busy machine may take longer.
    const left: boolean[] = [];
    while (left.at(-1) !== false && left.length < 10) {
      const tree = await startHostile("helpers-all", { host: hostAt("cgroup") });
      tree.host.killSync(tree.ref);
      left.push(existsSync(tree.ref.cgroup ?? ""));
      await tree.witness.gone({ withinMs: 5_000 });
      await tree.exited;
      openCgroup(tree.ref.cgroup ?? "").remove();
    }
    expect(left).toContain(false);
  });

  it.each<[string, string, Partial<TreeSpec>]>([
    ["program that does not exist", "command", { command: "no-such-program-anywhere" }],
    ["path that does not exist", "command", { command: "/no/such/program" }],
    ["program that is not executable", "command", { command: import.meta.filename }],
    ["argument that no program can be given", "command", { args: ["\0"] }],
    ["working directory that does not exist", "cwd", { cwd: "/no/such/directory" }],
    ["variable that the shell would drop", "env", { env: { "npm_config_//registry/:_token": "x" } }],
  ])("should reject a %s as it does without, naming its %s, and leave no cgroup", async (_what, field, changes) => {
    const failed = spec(changes);
    const failure = await rejectionOf(hostAt("cgroup"), failed);
    expect(failure).toBeInstanceOf(SpawnError);
    expect(failure).toMatchObject({ field, code: "SPAWN_FAILED" });
    expect(readdirSync(base)).not.toContain(basename(cgroupPath(base, failed.cookie)));
    // Node counts the arguments of what it starts, which are others.
    if (field === "env" || changes.args) return;
    const plain = await rejectionOf(hostAt("group"), spec(changes));
    expect((failure as SpawnError).message).toBe((plain as SpawnError).message);
  });

  it("should name the missing interpreter of a script", async () => {
    const folder = mkdtempSync(join(tmpdir(), "mcp-containment-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const command = join(folder, "script");
    writeFileSync(command, "#!/no/such/interpreter\n", { mode: 0o755 });
    const failure = await rejectionOf(hostAt("cgroup"), spec({ command }));
    expect((failure as SpawnError).message).toMatch(/does not exist, or the interpreter/);
  });

  it("should not take a program's own exit code 127 for one that does not exist", async () => {
    const host = hostAt("cgroup");
    const tree = await host.spawn(spec({ command: "/bin/sh", args: ["-c", "exit 127"] }));
    await expect(tree.exited).resolves.toEqual({ code: 127, signal: null });
    await ended(host, tree);
  });

  it("should be held by group where `auto` cannot hold it otherwise, and say so", async () => {
    const host = createProcessHost();
    const tree = await host.spawn(spec({ command: "cat", env: { "a.b": "1", PATH: process.env["PATH"] ?? "" } }));
    expect(host.containment).toBe("cgroup");
    expect(tree.ref.containment).toBe("group");
    tree.stdin.end();
    await ended(host, tree);
  });

  it("should be told of as soon as there is a process, before it is known to execute its program", async () => {
    const host = hostAt("cgroup");
    const steps: string[] = [];
    const starting = host.spawn(spec(forever), ({ leader }) => steps.push(`born ${leader.pid}`));
    const tree = await starting.finally(() => steps.push("spawned"));
    expect(steps).toEqual([`born ${tree.ref.leader.pid}`, "spawned"]);
    host.killSync(tree.ref);
    await tree.exited;
  });
});

describe.runIf(canUseCgroups)("a cgroup that a record names", () => {
  const cookie = createCookie();
  const path = cgroupPath(base, cookie);

  it("should be recognised by its name and place", () => {
    mkdirSync(path);
    onTestFinished(() => rmdirSync(path));
    expect(recognisedCgroup(path, cookie)?.path).toBe(path);
  });

  it.each<[string, () => string, string?]>([
    ["of another tree", () => path, createCookie()],
    ["without a cookie in its name", () => path, "MCP_LIFECYCLE_"],
    ["that is the gateway's own", () => base],
    ["that is reached by a detour", () => `${path}/../${basename(path)}`],
    ["below the one that was made for the tree", () => `${path}/${basename(path)}/`],
    ["by a relative path", () => basename(path)],
    ["that does not exist", () => join(base, "no-such-cgroup", basename(path))],
  ])("should not be recognised, and nobody in it be killed: one %s", (_what, named, other = cookie) => {
    mkdirSync(path);
    onTestFinished(() => rmdirSync(path));
    expect(recognisedCgroup(named(), other)).toBeUndefined();
  });

  it("should not be recognised behind a link, nor in a file system that is none of cgroups", () => {
    const folder = mkdtempSync(join(tmpdir(), "mcp-containment-"));
    mkdirSync(path);
    onTestFinished(() => (rmdirSync(path), rmSync(folder, { recursive: true })));
    symlinkSync(path, join(folder, basename(path)));
    symlinkSync(dirname(path), join(folder, "base"));
    mkdirSync(join(folder, "own"));
    mkdirSync(join(folder, "own", basename(path)));
    for (const named of [
      join(folder, basename(path)),
      join(folder, "base", basename(path)),
      join(folder, "own", basename(path)),
    ])
      expect(recognisedCgroup(named, cookie)).toBeUndefined();
  });

  it("should not be killed by whoever is in it", () => {
    mkdirSync(path);
    const own = readFileSync("/proc/self/cgroup", "utf8")
      .split("\n")
      .find((line) => line.startsWith("0::"));
    writeFileSync(join(path, "cgroup.procs"), String(process.pid));
    onTestFinished(() => (writeFileSync(join(base, "cgroup.procs"), String(process.pid)), rmdirSync(path)));
    expect(own).toBeDefined();
    expect(openCgroup(path).kill(process.kill.bind(process))).toEqual([]);
  });
});

function spec(changes: Partial<TreeSpec>): TreeSpec {
  return {
    command: process.execPath,
    args: [],
    env: { PATH: process.env["PATH"] ?? "" },
    cookie: createCookie(),
    ...changes,
  };
}

function rejectionOf(host: ProcessHost, wanted: TreeSpec): Promise<unknown> {
  return host.spawn(wanted).catch((error: unknown) => error);
}

/** Looks until nothing is found. */
async function ended(host: ProcessHost, { ref }: Pick<SpawnedTree, "ref">): Promise<void> {
  for (let left = 1; left > 0;) {
    const { survivors, doubtful } = await host.look(ref);
    left = survivors.length + doubtful.length;
  }
}
