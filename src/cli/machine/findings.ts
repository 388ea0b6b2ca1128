import type { GatewayView, ProcessView, RemoteView, Survey, TreeView } from "./views.js";

/** Something that is wrong, and what to do about it. */
export interface Finding {
  readonly kind:
    | "dead-owner"
    | "leaked"
    | "stale-record"
    | "no-owner"
    | "unreaped"
    | "no-cgroup"
    | "ledger"
    | "late-guardian"
    | "guess";
  readonly what: string;
  readonly remedy: string;
  readonly processes: readonly ProcessView[];
  /** Of the gateway that it is about, where there is one. */
  readonly gateway?: number | undefined;
}

/** What is wrong, the worst first. `noCgroup`: why this user's trees are not held by cgroups, if they are not. */
export function findingsOf(seen: Survey, noCgroup: string | undefined): Finding[] {
  return [
    ...seen.gateways.flatMap(ofGateway),
    ...seen.strays.map(ofStray),
    ...seen.strayCgroups.map(({ path, processes }) => ({
      kind: "no-owner" as const,
      what: `in the cgroup ${path}, of which there is no record, are processes without a cookie`,
      remedy: `if no gateway is starting them at this moment: echo 1 > ${path}/cgroup.kill`,
      processes,
    })),
    ...seen.badFiles.map(({ file, problem }) => ({
      kind: "ledger" as const,
      what: `the ledger's file ${JSON.stringify(file)} is not believed: ${problem}`,
      remedy: "look at it, and remove it; `mcp-lifecycle reap --yes` puts what is malformed aside",
      processes: [],
    })),
    ...seen.lateGuardians.map((guardian) => ({
      kind: "late-guardian" as const,
      what: "a guardian outlives its gateway: it is at work, or is stuck",
      remedy: "look again in ten seconds; if it is still there, `mcp-lifecycle reap --yes` does its work",
      processes: [guardian],
    })),
    ...(noCgroup === undefined
      ? []
      : [
          {
            kind: "no-cgroup" as const,
            what: `process trees cannot be held by cgroups here: ${noCgroup}`,
            remedy:
              "run the gateway as a systemd unit with Delegate=yes; without it trees are held by group (docs/containment.md)",
            processes: [],
          },
        ]),
    ...seen.orphans.map((orphan) => ({
      kind: "guess" as const,
      what: "a process looks like an MCP server and has no owner; that is a guess, by its command line",
      remedy: `if it is nobody's: kill ${orphan.pid}`,
      processes: [orphan],
    })),
  ];
}

function ofGateway({ pid, state, trees, remotes }: GatewayView): Finding[] {
  if (state === "dead" || state === "rebooted")
    return [
      ...trees.map((tree) => ofOrphanedTree(tree, pid)),
      ...remotes.map((remote) => ofOrphanedRemote(remote, pid)),
    ];
  const leaked = trees.filter((tree) => tree.state === "leaked");
  const uncollected = trees.filter(({ unreaped }) => unreaped.length > 0);
  return [...leaked.map((tree) => ofLeakedTree(tree, pid)), ...uncollected.map((tree) => ofZombies(tree, pid))];
}

function ofLeakedTree(tree: TreeView, gateway: number): Finding {
  const pids = tree.processes.map(({ pid }) => pid).join(",");
  return {
    kind: "leaked",
    what: `${nameOf(tree)} should be gone, and its gateway (pid ${gateway}) could not end it; it tries again`,
    remedy: `see what they wait for (a disk, a freezer) or whose they are: ps -o pid,stat,wchan:32,user,args -p ${pids}`,
    processes: tree.processes,
    gateway,
  };
}

function ofZombies(tree: TreeView, gateway: number): Finding {
  return {
    kind: "unreaped",
    what: `of ${nameOf(tree)} there are processes that have exited and that nobody collects`,
    remedy: "they run nothing; where the gateway is pid 1, start its container with an init (docker run --init)",
    processes: tree.unreaped,
    gateway,
  };
}

function ofOrphanedTree(tree: TreeView, gateway: number): Finding {
  const left = [...tree.processes, ...tree.doubtful];
  const remedy = "mcp-lifecycle reap --yes";
  if (left.length === 0) {
    const what = `the record of ${nameOf(tree)} is left of a gateway that is gone`;
    return { kind: "stale-record", what, remedy, processes: [], gateway };
  }
  const what = `${nameOf(tree)} outlives its gateway (pid ${gateway})`;
  const byHand = `; who is not proved to be of it stays: kill ${tree.doubtful.map(({ pid }) => pid).join(" ")}`;
  const whole = tree.doubtful.length === 0 ? remedy : remedy + byHand;
  return { kind: "dead-owner", what, remedy: whole, processes: left, gateway };
}

function ofOrphanedRemote({ server, session, url }: RemoteView, gateway: number): Finding {
  return {
    kind: "stale-record",
    what: `the HTTP session of ${nameOf({ server, session })} at ${url} is left of a gateway that is gone (pid ${gateway})`,
    remedy: "mcp-lifecycle reap --yes",
    processes: [],
    gateway,
  };
}

function ofStray(tree: TreeView): Finding {
  return {
    kind: "no-owner",
    what: `processes carry our cookie ${tree.cookie}, of which there is no record, and whoever started them is gone`,
    remedy: `kill -9 ${tree.processes.map(({ pid }) => pid).join(" ")}`,
    processes: tree.processes,
  };
}

function nameOf({ server, session }: Pick<TreeView, "server" | "session">): string {
  const name = server === undefined ? "a server" : `server ${JSON.stringify(server)}`;
  return session === undefined ? name : `${name} of session ${JSON.stringify(session)}`;
}
