import type { Defect } from "../defect.js";
import { matrixCell, processTest, scenarioOf, transportTest } from "./known-tests.js";

/** Of the way process trees are started, found and signalled. */
export const processesDefects: readonly Defect[] = [
  {
    id: "group-without-cookie",
    what: "trees are started without their cookie",
    file: "src/processes/spawn-leader.ts",
    find: 'env: { ...env, [cookie]: "1" },',
    replace: "env,",
    caughtBy: matrixCell('helper-double-fork" should leave nothing when its session is ended while idle'),
  },
  {
    id: "cookie-not-looked-for",
    what: "the cookie of a tree is not looked for",
    file: "src/processes/find-members.ts",
    find: "(record.ref.cookie !== undefined && candidate.cookies.includes(record.ref.cookie)) ||",
    replace: "",
    caughtBy: scenarioOf("LP-29"),
  },
  {
    id: "descent-not-followed",
    what: "what a member started is not taken for a member",
    file: "src/processes/find-members.ts",
    find: `proved.has(candidate.ppid) ||
`,
    replace: "",
    caughtBy: processTest("escape", "should be seen and ended while the leader lives: helper-cleared-env-detached"),
  },
  {
    id: "members-not-remembered",
    what: "who was seen in a tree is forgotten by the next look",
    file: "src/processes/find-members.ts",
    find: "record.known = new Map([...proved.values()].map(({ pid, startTime }) => [pid, startTime]));",
    replace: "record.known = new Map([[record.ref.leader.pid, record.ref.leader.startTime]]);",
    caughtBy: matrixCell('helper-cleared-env-detached" should leave nothing when its session is ended while idle'),
  },
  {
    id: "only-the-group-is-signalled",
    what: "members that left the group of their leader are not signalled",
    file: "src/processes/signal-members.ts",
    find: "for (const member of running.filter(({ pgid }) => pgid !== group)) {",
    replace: "for (const member of running.filter(({ pgid }) => pgid === undefined)) {",
    caughtBy: processTest("signal", "should signal one by one"),
  },
  {
    id: "recycled-pid-signalled",
    what: "a pid is signalled without a last look at whose it is",
    file: "src/processes/signal-members.ts",
    find: 'return table.startTimeOf(pid) === startTime ? attempt(kill, pid, signal) : "ESRCH";',
    replace: 'return startTime === "" ? "ESRCH" : attempt(kill, pid, signal);',
    caughtBy: processTest("signal", "should not signal a pid that was given to another"),
  },
  {
    id: "doubtful-counts-as-gone",
    what: "who may be ours and cannot be proved so is not reported",
    file: "src/processes/find-members.ts",
    find: '(candidate) => candidate.state !== "zombie" && isDoubtful(candidate, census, record),',
    replace: '(candidate) => candidate.state === "kernel" && isDoubtful(candidate, census, record),',
    caughtBy: scenarioOf("LP-33", "where it is in doubt"),
  },
  {
    id: "zombie-counts-as-alive",
    what: "a process that only waits to be collected counts as a survivor",
    file: "src/processes/process-host.ts",
    find: 'survivors: observeAll(proved.filter(({ state }) => state !== "zombie")),',
    replace: "survivors: observeAll(proved),",
    caughtBy: processTest("escape", "should list a zombie as unreaped"),
  },
  {
    id: "unsettled-census-believed",
    what: "a census that missed processes is taken for proof",
    file: "src/processes/census-queue.ts",
    find: "if (empty && !(census.settled && collected && isCgroupGone(record))) return false;",
    replace: "if (empty && !(collected && isCgroupGone(record))) return false;",
    caughtBy: processTest("process-host", "should not take a tree for empty while a process is in an exec"),
  },
  {
    id: "no-group-of-its-own",
    what: "a server is started in the group and session of the gateway",
    file: "src/processes/spawn-leader.ts",
    find: 'detached: platform !== "win32",',
    replace: "detached: false,",
    caughtBy: processTest("process-host", "should start a leader of its own group"),
  },
  {
    id: "late-birth-not-killed",
    what: "a process born after its connection was disposed lives",
    file: "src/transports/stdio-server.ts",
    find: `processHost.killSync(born.ref);
`,
    replace: "",
    caughtBy: transportTest("stdio-handle", "LP-18 should end a process that is born after everybody"),
  },
  {
    id: "birth-under-way-not-seen",
    what: "a spawn under way counts as nothing",
    file: "src/transports/stdio-handle.ts",
    find: "const empty = !server.starting && seen.survivors.length === 0",
    replace: "const empty = seen.survivors.length === 0",
    caughtBy: transportTest("stdio-handle", "LP-18 should see a process that is born"),
  },
];
