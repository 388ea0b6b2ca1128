import { takeCensus } from "../../processes/census.js";
import type { ProcessTable } from "../../processes/index.js";
import type { GatewayIdentity, PidScope } from "../../recovery/gateway-identity.js";
import { ownerState } from "../../recovery/owner-state.js";
import { ownerKey } from "../../recovery/plan.js";
import type { LedgerContents } from "../../recovery/read-ledgers.js";
import { findGuardians, type Guardians } from "./guardians.js";
import { orphansLikeServers } from "./orphans.js";
import { processView } from "./process-view.js";
import { strayCgroups } from "./stray-cgroups.js";
import { recordedTree, type Sight } from "./tree-view.js";
import { unrecordedTrees } from "./unrecorded-trees.js";
import type { GatewayView, Survey } from "./views.js";

export interface SurveyOptions {
  readonly table: ProcessTable;
  readonly ledgers: LedgerContents;
  readonly scope: PidScope;
  /** Pid of who looks. */
  readonly self: number;
  /** Where cgroups of ours may be. */
  readonly cgroupBases: readonly string[];
}

/** Looks at everything of this library's on the machine, from any process; changes nothing. */
export function survey({ table, ledgers, scope, self, cgroupBases }: SurveyOptions): Survey {
  const sight: Sight = { census: takeCensus(table, { bornSince: -Infinity }), table, self };
  const { entries, remotes = [], bad } = ledgers;
  const guardians = findGuardians(sight);
  const owners = new Map([...entries, ...remotes].map(({ entry: { owner } }) => [fullKey(owner), owner]));
  const recorded = [...owners].map(([key, owner]): GatewayView => {
    const isOfIt = ({ entry }: { readonly entry: { readonly owner: GatewayIdentity } }) => fullKey(entry.owner) === key;
    return {
      ...gatewayView(owner.pid, stateOf(owner, scope, table), { sight, guardians }),
      keepsLedger: true,
      trees: entries.filter(isOfIt).map((filed) => recordedTree(filed, sight)),
      remotes: remotes.filter(isOfIt).map(({ file, entry }) => {
        const { server, session, remote } = entry;
        return { server, session, url: remote.url, file };
      }),
    };
  });
  const unrecorded = unrecordedTrees(sight, new Set(entries.map(({ entry }) => entry.cookie)));
  const withoutRecord = new Set(unrecorded.flatMap(({ owner }) => owner ?? []));
  const treesOf = (pid: number) => unrecorded.filter(({ owner }) => owner === pid).map(({ tree }) => tree);
  const known = recorded.map((gateway) =>
    gateway.state === "alive" ? { ...gateway, trees: [...gateway.trees, ...treesOf(gateway.pid)] } : gateway,
  );
  const isKnown = (pid: number) => recorded.some((gateway) => gateway.state === "alive" && gateway.pid === pid);
  const others = [...withoutRecord].filter((pid) => !isKnown(pid));
  return {
    gateways: [
      ...known,
      ...others.map((pid) => ({
        ...gatewayView(pid, "alive", { sight, guardians }),
        keepsLedger: false,
        trees: treesOf(pid),
        remotes: [],
      })),
    ],
    strays: unrecorded.filter(({ owner }) => owner === undefined).map(({ tree }) => tree),
    strayCgroups: strayCgroups(cgroupBases, entries, sight),
    orphans: orphansLikeServers(sight, new Set([...owners.values()].map(({ pid }) => pid))),
    badFiles: bad.map(({ file, problem }) => ({ file, problem })),
    lateGuardians: guardians.withoutGateway.map((each) => processView(each, table)),
  };
}

function gatewayView(
  pid: number,
  state: GatewayView["state"],
  { sight: { census, table }, guardians }: { readonly sight: Sight; readonly guardians: Guardians },
) {
  const seen = state === "alive" ? census.processes.get(pid) : undefined;
  if (seen === undefined) return { pid, state, guardian: state === "dead" ? guardians.ofDead(pid) : undefined };
  const { command, ageMs } = processView(seen, table);
  return { pid, state, command, ageMs, guardian: guardians.of(pid) };
}

function stateOf(owner: GatewayIdentity, scope: PidScope, table: ProcessTable): GatewayView["state"] {
  if (owner.bootId !== scope.bootId) return "rebooted";
  return owner.pidNamespace === scope.pidNamespace ? ownerState(owner, table) : "elsewhere";
}

function fullKey(owner: GatewayIdentity): string {
  return `${owner.bootId} ${owner.pidNamespace} ${ownerKey(owner)}`;
}
