import { messageOf } from "../../errors/index.js";
import type { Lease, Session, SessionReceipt, Supervisor } from "../../index.js";
import type { DemoServer } from "./demo-server.js";
import type { DemoEvent } from "./events.js";
import { markedServers } from "./marked-servers.js";
import type { OwnershipMarks } from "./ownership-mark.js";
import { leaderOf, type ProcessCount } from "./process-count.js";
import type { SessionPlan } from "./session-plan.js";

/** What the sessions of the demo share. */
export interface Stage {
  readonly supervisor: Supervisor;
  readonly marks: OwnershipMarks;
  readonly count: ProcessCount;
  /** Aborted when everything ends early; what fails from then on fails because of that. */
  readonly interrupted: AbortSignal;
  readonly report: (event: DemoEvent) => void;
}

/** Without a call for so long, a session of the demo that is to time out does. */
const idleTimeoutMs = 2_500;

/** Opens a session, uses its servers, and ends it as planned. What fails on the way is reported. */
export async function playSession(plan: SessionPlan, stage: Stage): Promise<SessionReceipt> {
  const session = stage.supervisor.session(plan.key, {
    servers: markedServers(plan.key, plan.servers, stage.marks),
    idleTimeoutMs: plan.end === "timedOut" ? idleTimeoutMs : 0,
  });
  try {
    await session.run((lease) => useServers(lease, plan, stage));
  } catch (error) {
    reportFailure(error, { session: plan.key }, stage);
  }
  try {
    if (!stage.interrupted.aborted) await endings[plan.end](session, plan, stage);
  } catch (error) {
    reportFailure(error, { session: plan.key }, stage);
  }
  // Joins the end that is under way, whoever asked for it; there may be none if the planned one failed.
  const receipt = await session.end({ reason: "errored", cause: "run-failed" });
  stage.report({ event: "receipt", receipt });
  return receipt;
}

/** Calls first, because a call opens its server without waiting for the others: one of them is dead soon after. */
async function useServers(lease: Lease, plan: SessionPlan, stage: Stage): Promise<void> {
  const session = plan.key;
  const calls = plan.servers.map((server) =>
    callTool(lease, server, stage).catch((error: unknown) =>
      reportFailure(error, { session, server: server.name }, stage),
    ),
  );
  await Promise.all(calls);
  const { tools, failures } = await lease.catalog();
  for (const { name: server, tool } of plan.servers) {
    const failure = failures[server];
    const count = tools.filter((listed) => listed.server === server).length;
    if (failure === undefined) stage.report({ event: "listed", session, server, tools: count });
    // That of a server with a tool to call was reported as the call's.
    else if (tool === undefined) reportFailure(failure, { session, server }, stage);
  }
}

async function callTool(lease: Lease, { name, tool }: DemoServer, { report }: Stage): Promise<void> {
  if (tool === undefined) return;
  const answer = JSON.stringify(await lease.callTool(name, tool.name, { ...tool.arguments }));
  report({ event: "called", session: lease.session.key, server: name, tool: tool.name, answer: answer.slice(0, 100) });
}

type Ending = (session: Session, plan: SessionPlan, stage: Stage) => Promise<unknown>;

const endings: Readonly<Record<SessionPlan["end"], Ending>> = {
  ended: (session, { key }, { report }) => {
    report({ event: "ending", session: key, how: "is deleted" });
    return session.end({ reason: "ended", cause: "deleted" });
  },
  reset: (session, { key }, { report }) => {
    report({ event: "ending", session: key, how: "is reset" });
    return session.reset();
  },
  timedOut: (session, { key }, { report }) => {
    report({
      event: "ending",
      session: key,
      how: `is left alone until its idleTimeoutMs of ${idleTimeoutMs} ms is over`,
    });
    return session.ended;
  },
  errored: killVictim,
};

/** Kills the process of a required server: its own, found by the demo's mark in the process table. */
async function killVictim(session: Session, { key, victim }: SessionPlan, { count, report }: Stage): Promise<unknown> {
  const seen = (await count.look()) ?? [];
  const leader = victim === undefined ? undefined : leaderOf(seen, { session: key, server: victim });
  if (leader === undefined) {
    report({ event: "ending", session: key, how: "its run is said to have failed" });
    return await session.end({ reason: "errored", cause: "run-failed" });
  }
  report({ event: "ending", session: key, how: `pid ${leader.pid} of its required server ${victim} is killed` });
  try {
    process.kill(leader.pid, "SIGKILL");
  } catch {
    // It ended by itself between the look and the signal, which is a loss all the same.
  }
  return await session.ended;
}

function reportFailure(
  error: unknown,
  place: { session: string; server?: string },
  { interrupted, report }: Stage,
): void {
  if (!interrupted.aborted) report({ event: "failed", ...place, error: messageOf(error) });
}
