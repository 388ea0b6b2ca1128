import * as fc from "fast-check";
import type { LifecycleOptions } from "../../../src/index.js";
import { type HostileServerName, hostileServers } from "../../../src/testing/hostile/index.js";
import { startHostileSubject } from "../../real/support/hostile-subjects.js";
import { httpKind } from "../../real/support/http-subjects.js";
import { everythingKind, filesystemKind, shellKind } from "../../real/support/reference-subjects.js";
import type { Subject, SubjectKind } from "../../real/support/subject.js";

/** A server of a life. */
export interface ServerKind {
  /** Whether its leader only stands in front of the server. */
  readonly isWrapper: boolean;
  /** A call that is answered at once, and one that is not while a test looks. */
  readonly answered: Call;
  readonly hanging: Call;
  /** Where it needs other graces than the others do. */
  readonly lifecycle: LifecycleOptions;
  /** `slowly`: it takes its time for each part of its opening, where it can. */
  start(options: { readonly slowly: boolean }): Promise<Subject>;
}

interface Call {
  readonly tool: string;
  readonly args: Record<string, unknown>;
}

/** Node needs 40 ms of a processor to start one of these, a reference server 300 ms; what costs many processes comes seldom. */
const hostileWeights = {
  "well-behaved": 6,
  "slow-exit": 1,
  "ignores-eof": 3,
  "ignores-everything": 3,
  "slow-term": 1,
  "helper-holds-stdio": 1,
  "helper-holds-stderr": 1,
  "helper-ignored-stdio": 1,
  "helper-detached": 2,
  "helper-double-fork": 2,
  "helper-cleared-env": 1,
  "helper-zombie": 1,
  "helpers-all": 1,
  "nested-gateway": 1,
  "shell-wrapper": 5,
  "wrapper-exits": 2,
  "wrapper-killed": 2,
  "wrapper-waits": 6,
  "crashes-in-initialize": 1,
  "crashes-with-helper": 1,
  "never-initializes": 1,
  "wrong-version": 1,
  "floods-stderr": 1,
  "floods-stdout": 1,
  "forks-at-end": 1,
  "slow-start": 2,
  // Between two looks its helper can be born and orphaned and be known to none of them, and nothing but a cgroup would hold it: ends
  // that come at any moment, and leaders killed from outside, are not for this one.
  "helper-cleared-env-detached": 0,
} as const satisfies Record<HostileServerName, number>;

const otherWeights = {
  "server-everything": 3,
  "server-everything behind sh -c": 2,
  "server-filesystem": 2,
  "a Streamable HTTP server": 4,
  "server-everything over Streamable HTTP": 2,
} as const;

export type ServerKindName = HostileServerName | keyof typeof otherWeights;

export const anyServerKind: fc.Arbitrary<ServerKindName> = fc.oneof(
  ...entriesOf({ ...hostileWeights, ...otherWeights }).map(([name, weight]) => ({
    weight,
    arbitrary: fc.constant(name),
  })),
);

const slowParts = ["--spawn-delay=40", "--initialize-delay=60", "--list-delay=40"];
const wrappers = new Set<HostileServerName>(["shell-wrapper", "wrapper-exits", "wrapper-killed", "wrapper-waits"]);
const echo = { tool: "echo", args: { message: "anybody there?" } };

/** Every kind by its name; one process serves all lives that reach server-everything over HTTP. */
export function serverKinds(everythingOverHttp: SubjectKind): Readonly<Record<ServerKindName, ServerKind>> {
  const hostile = entriesOf(hostileServers).map(([name]) => [name, hostileKind(name)] as const);
  return {
    ...(Object.fromEntries(hostile) as Record<HostileServerName, ServerKind>),
    "server-everything": realKind(everythingKind),
    "server-everything behind sh -c": { ...realKind(shellKind), isWrapper: true },
    "server-filesystem": { ...realKind(filesystemKind), answered: { tool: "list_allowed_directories", args: {} } },
    "a Streamable HTTP server": overHttp(httpKind),
    "server-everything over Streamable HTTP": overHttp(everythingOverHttp),
  };
}

function hostileKind(name: HostileServerName): ServerKind {
  return {
    isWrapper: wrappers.has(name),
    answered: echo,
    hanging: { tool: "hang", args: {} },
    lifecycle: name === "never-initializes" ? { connectTimeoutMs: 300 } : {},
    start: ({ slowly }) => startHostileSubject(name, { flags: slowly ? slowParts : [] }),
  };
}

function realKind(kind: SubjectKind): ServerKind {
  return {
    isWrapper: false,
    answered: echo,
    hanging: kind.call,
    lifecycle: {},
    start: () => kind.start({ stalls: false }),
  };
}

/** Whose session is not known when it is to end cannot be told to forget it (LP-39): a busy server is given the time to answer. */
function overHttp(kind: SubjectKind): ServerKind {
  return { ...realKind(kind), lifecycle: { settleMs: 5_000 } };
}

function entriesOf<Name extends string, Value>(
  record: Readonly<Record<Name, Value>>,
): readonly (readonly [Name, Value])[] {
  return Object.entries(record) as [Name, Value][];
}
