import type { Clock } from "../ports/clock.js";
import { type Census, takeCensus } from "./census.js";
import { findMembers, type TreeMembers } from "./find-members.js";
import { lowestPid } from "./pid-order.js";
import { type ProcessTable, ProcessTableError } from "./process-table.js";
import { isLeaderPinned, type TreeRecord } from "./tree-record.js";

/** Finds the members of a tree and makes an answer of them. Rejects with what reading the process table throws. */
export type AskCensus = <T>(record: TreeRecord, answer: (members: TreeMembers) => T) => Promise<T>;

interface Question {
  readonly record: TreeRecord;
  readonly answer: (members: TreeMembers) => void;
  readonly fail: (error: unknown) => void;
}

const retriesAtMost = 20;
const shortestPauseMs = 10;
const longestPauseMs = 100;

/**
 * All questions of one turn of the event loop share one census, which begins after the last of them was asked: a proof must be
 * younger than its question. Answers are made in the turn of the census, so that who is signalled was seen just now.
 */
export function createCensusQueue({ table, clock }: { table: ProcessTable; clock: Clock }): AskCensus {
  let waiting: Question[] = [];

  const answerWaiting = async () => {
    let open = waiting;
    waiting = [];
    try {
      for (let retries = 0; open.length > 0 && retries <= retriesAtMost; retries += 1) {
        if (retries > 0) await pause(clock, shortestPauseMs * 2 ** (retries - 1));
        const records = open.map(({ record }) => record);
        const census = takeCensus(table, {
          bornSince: oldestLeader(records, table),
          // Whoever was moved into a cgroup is older than its tree: what stays in doubt is asked of everybody.
          lowestPid: retries === 0 ? lowestPid(records, table) : 0,
        });
        open = open.filter((question) => !settled(question, census, clock.now()));
      }
      for (const { record, fail } of open) fail(new ProcessTableError(whyUnsettled(record)));
    } catch (error) {
      for (const question of open) question.fail(error);
    }
  };

  return (record, answer) =>
    new Promise((resolve, reject) => {
      waiting.push({ record, answer: (members) => resolve(answer(members)), fail: reject });
      if (waiting.length === 1) setImmediate(() => void answerWaiting());
    });
}

/** Who is older than the oldest leader is in none of the trees; trees without a cookie need nobody's environment. */
export function oldestLeader(records: Iterable<TreeRecord>, table: ProcessTable): number {
  let oldest = Infinity;
  for (const { ref } of records)
    if (ref.cookie !== undefined) oldest = Math.min(oldest, table.ageOrder(ref.leader.startTime));
  return oldest;
}

/** What goes wrong with one tree is no answer about another. */
function settled(question: Question, census: Census, at: number): boolean {
  try {
    return answered(question, census, at);
  } catch (error) {
    question.fail(error);
    return true;
  }
}

/**
 * An empty tree may only look empty in an unsettled census, or while its cgroup says that it is not. And a leader that has exited is about to
 * be collected by node: who is told that the tree is gone shall know its exit status too.
 */
function answered({ record, answer }: Question, census: Census, at: number): boolean {
  const members = findMembers(census, record);
  const empty = members.doubtful.length === 0 && members.proved.every(({ state }) => state === "zombie");
  const collected = members.leader === undefined || !isLeaderPinned(record);
  if (empty && !(census.settled && collected && isCgroupGone(record))) return false;
  record.countedAt = at;
  answer(members);
  return true;
}

/** The kernel's own proof: a cgroup that somebody is in is not removed. */
function isCgroupGone({ cgroup }: TreeRecord): boolean {
  return cgroup === undefined || cgroup.remove();
}

function whyUnsettled({ cgroup }: TreeRecord): string {
  return cgroup?.isPopulated() === true
    ? `somebody is in ${cgroup.path} who cannot be seen from here`
    : "processes come and go faster than they can be read";
}

function pause(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => clock.setTimeout(resolve, Math.min(delayMs, longestPauseMs)));
}
