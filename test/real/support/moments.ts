import type { Lease, Session, Supervisor } from "../../../src/index.js";
import type { Subject, SubjectKind } from "./subject.js";
import { until } from "./until.js";

/** When an end comes. */
export const moments = ["while opening", "while idle", "with a call in flight", "while asleep"] as const;
export type Moment = (typeof moments)[number];

export interface Arrival {
  readonly kind: SubjectKind;
  readonly subject: Subject;
  readonly supervisor: Supervisor;
  readonly session: Session;
}

/** A session at a moment. Its lease is still held, but for one that is asleep: a lease never holds back an end. */
export interface Arrived {
  readonly lease: Lease;
  readonly pid: number | undefined;
  /** What the opening, or the call in flight, was rejected with; `undefined` if there is none, or it was not. */
  readonly rejected: Promise<unknown>;
}

/** Whether there is such a moment in the life of such a server. */
export function applies(moment: Moment, { opens }: SubjectKind): boolean {
  return opens !== "never" || moment === "while opening" || moment === "while idle";
}

/** Leads a session, whose only server is named `server`, to a moment. */
export async function arrive(moment: Moment, arrival: Arrival): Promise<Arrived> {
  const { subject, session, supervisor, kind } = arrival;
  const pid = () => supervisor.inspect().sessions[0]?.connections[0]?.pid;
  const lease = await session.acquire();
  const opening = rejectionOf(lease.client("server"));
  // What fails every opening may have failed before its program has begun.
  if (moment === "while opening")
    await (kind.opens === "never" ? firstOf(subject.begun(pid), opening) : subject.begun(pid));
  else await opening;
  const failure = moment === "while opening" ? undefined : await opening;
  if (failure !== undefined && kind.opens === "for good") throw failure;
  const leader = pid();
  subject.remember(leader);
  if (moment === "with a call in flight") return { lease, pid: leader, ...(await callInFlight(arrival, lease)) };
  if (moment === "while asleep") {
    lease.release();
    void session.sleep();
  }
  return { lease, pid: leader, rejected: opening };
}

/** Starts a call that is not answered, and waits until it is in flight. */
async function callInFlight({ kind: { call }, supervisor }: Arrival, lease: Lease): Promise<Pick<Arrived, "rejected">> {
  let settled = false;
  const rejected = rejectionOf(lease.callTool("server", call.tool, call.args)).finally(() => (settled = true));
  const isInFlight = () => supervisor.inspect().sessions[0]?.connections[0]?.callsInFlight === 1;
  await until(() => settled || isInFlight(), "the call was not sent", 45_000);
  // In an object, because a promise that an async function returns is awaited.
  return { rejected };
}

/** Whichever comes first; what becomes of the other is nobody's concern any more. */
async function firstOf(...promises: readonly Promise<unknown>[]): Promise<void> {
  for (const promise of promises) promise.catch(() => undefined);
  await Promise.race(promises);
}

function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
}
