import { expect } from "vitest";
import { createSupervisor, type EndReason, isLifecycleError, type ServerConfig } from "../../../src/index.js";
import { endReasons } from "../../../src/machines/index.js";
import { canBeLost, configFor, endAs, sessionOptionsFor, sleeperLifetimeMs } from "./ends.js";
import { longestEndMs, shortGraces } from "./graces.js";
import { arrive, type Moment, moments } from "./moments.js";
import type { SubjectKind } from "./subject.js";

/** By what a connect timeout is multiplied, try by try. */
const patiences = [1, 4, 16];

/**
 * One cell of the matrix: a server, an end, a moment. Judged by the server or the kernel first, by the receipt after that. On a busy
 * machine a program may not have begun when its connect timeout is over; then nothing was there that could be left, and it gets more time.
 */
export async function runCell(kind: SubjectKind, reason: EndReason, moment: Moment): Promise<void> {
  for (const patience of patiences) {
    const mayBeUntouched = kind.opens === "never" && patience !== patiences.at(-1);
    if (await wasJudged({ kind, reason, moment, patience, mayBeUntouched })) return;
  }
}

interface Try {
  readonly kind: SubjectKind;
  readonly reason: EndReason;
  readonly moment: Moment;
  readonly patience: number;
  /** Whether it is no failure that nothing ever reached the server. */
  readonly mayBeUntouched: boolean;
}

/** Rejects where the cell does not hold; false if nothing ever reached the server, so that its own word on what is left is not to be had. */
async function wasJudged({ kind, reason, moment, patience, mayBeUntouched }: Try): Promise<boolean> {
  await using subject = await kind.start({ stalls: moment === "while opening" && kind.opens !== "never" });
  const config = withPatience(configFor(subject.config, reason, canBeLost(kind, moment)), patience);
  const supervisor = createSupervisor({
    servers: { server: config },
    signals: false,
    containment: containmentOf(reason, moment),
    ...subject.supervisorOptions,
  });
  let isJudged = true;
  const states: string[] = [];
  supervisor.on("session", ({ state }) => void states.push(state));
  const session = supervisor.session("chat", sessionOptionsFor(reason, moment));
  const madeAt = performance.now();
  const arrival = { kind, subject, supervisor, session };

  try {
    const arrived = await arrive(moment, arrival);
    // On a machine that is busy enough an opening outlasts a lifetime; then the session never came to sleep.
    const isInTime = performance.now() - madeAt < sleeperLifetimeMs;
    const receipt = await endAs(reason, moment, { ...arrival, ...arrived });

    isJudged = !mayBeUntouched || (await subject.touched());
    if (isJudged) await subject.nothingLeft();
    expect(receipt).toMatchObject({ reason, outcome: "closed", netUsed: false });
    for (const connection of receipt.connections) {
      expect(connection).toMatchObject({ outcome: "closed", survivors: [], doubtful: [] });
    }
    expect(receipt.endedAt - receipt.startedAt).toBeLessThan(longestEndMs(config.lifecycle ?? {}));
    if (moment === "while opening") expect(receipt.connections.some(({ wasOpen }) => wasOpen)).toBe(false);
    if (moment === "while asleep" && kind.opens === "for good" && isInTime) expect(states).toContain("active.asleep");
    const rejected = await arrived.rejected;
    if (rejected !== undefined || moment === "with a call in flight") expect(rejected).toSatisfy(isLifecycleError);
  } finally {
    await supervisor.shutdown();
  }
  const { sessions, admission, netUsed } = supervisor.inspect();
  expect({ sessions, admission, netUsed }).toEqual({
    sessions: [],
    admission: { liveSessions: 0, trees: 0 },
    netUsed: 0,
  });
  return isJudged;
}

function withPatience(config: ServerConfig, patience: number): ServerConfig {
  const { connectTimeoutMs = shortGraces.connectTimeoutMs } = config.lifecycle ?? {};
  return { ...config, lifecycle: { ...config.lifecycle, connectTimeoutMs: connectTimeoutMs * patience } };
}

/** By turns, so that each server, each reason and each moment is met at both levels. */
function containmentOf(reason: EndReason, moment: Moment): "auto" | "group" {
  return (endReasons.indexOf(reason) + moments.indexOf(moment)) % 2 === moments.indexOf("while idle") % 2
    ? "group"
    : "auto";
}
