import type { ChildProcess } from "node:child_process";
import type { Cgroup } from "../../src/processes/containment/cgroup.js";
import type { HostSignal } from "../../src/processes/signal-members.js";
import { createTreeRecord, type TreeRecord } from "../../src/processes/tree-record.js";

export const treeCookie = "MCP_LIFECYCLE_tree";

/** How a fake tree is held; without a cookie it was adopted. */
export interface FakeTreeOptions {
  readonly cookie?: string | undefined;
  readonly child?: Partial<Pick<ChildProcess, "pid" | "exitCode" | "signalCode">>;
  readonly cgroup?: Partial<Cgroup>;
}

/** A tree whose leader is pid 50, started at 100. */
export function fakeTree({ cookie, child, cgroup }: FakeTreeOptions = { cookie: treeCookie }): TreeRecord {
  const ref = { containment: "group", leader: { pid: 50, startTime: "100" }, cookie } as const;
  const record = { ...createTreeRecord(ref), child: child as ChildProcess | undefined };
  return cgroup === undefined ? record : { ...record, cgroup: { ...emptyCgroup, ...cgroup } };
}

/** A leader that is our child, and not collected. */
export const pinned = { pid: 50, exitCode: null, signalCode: null };

const emptyCgroup: Cgroup = {
  path: "/cgroup",
  isPopulated: () => false,
  pids: () => [],
  kill: () => [],
  remove: () => true,
};

/** Writes down what would have been signalled; `refuse` says with which error the system answers. */
export function recordKills(refuse: (pid: number, signal: HostSignal | 0) => object | undefined = () => undefined) {
  const kills: [number, HostSignal | 0][] = [];
  const kill = (pid: number, signal: HostSignal | 0) => {
    const refused = refuse(pid, signal);
    if (refused !== undefined) throw Object.assign(new Error("refused"), refused);
    kills.push([pid, signal]);
  };
  return { kill, kills };
}
