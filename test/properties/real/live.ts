import * as fc from "fast-check";
import type { ConnectionReceipt } from "../../../src/index.js";
import { WitnessError } from "../../../src/testing/witness/index.js";
import { until } from "../../real/support/until.js";
import { serverNames } from "../host-commands.js";
import { Announcements } from "../announcements.js";
import type { Reached } from "../reached.js";
import { type Announced, problemsOf, remembered, unended } from "../receipt-rules.js";
import type { Command } from "./commands.js";
import { Evidence } from "./evidence.js";
import { latenessMs } from "./graces.js";
import type { ReachedServers } from "./reached-servers.js";
import { obey } from "./obey.js";
import { RealHost } from "./real-host.js";
import type { ServerKind, ServerKindName } from "./server-kinds.js";
import { startWorld, type WorldPlan } from "./worlds.js";

/** A bound, and not a deadline that an end should have to keep to. */
const lastShutdownMs = 30_000;

/** What a life is lived with. */
export interface LifeParts {
  readonly kinds: Readonly<Record<ServerKindName, ServerKind>>;
  readonly reached: Reached<Command["do"]>;
  readonly reachedServers: ReachedServers;
}

/** Lives a life, shuts down, and throws all that must be true then and is not. Whose commands were all refused does not count. */
export async function live(plan: WorldPlan, steps: readonly Command[], parts: LifeParts): Promise<void> {
  await using world = await startWorld(plan, parts.kinds);
  const host = new RealHost(world);
  const announcements = new Announcements(world.supervisor);
  const evidence = new Evidence(world);
  const carriedOut: Command["do"][] = [];
  try {
    for (const step of steps) if (await obey(host, step, evidence)) carriedOut.push(step.do);
  } finally {
    await host.shutdown(lastShutdownMs);
  }
  const broken = [
    ...(await evidence.problems()),
    ...(await unended(host, () => isSettled(host))),
    ...host.expectations.disappointments,
    ...receiptProblems({ host, announcements, isEndable: true }),
    ...remembered(host),
  ];
  if (broken.length > 0) throw new WitnessError(broken.join("; "));
  fc.pre(carriedOut.some((name) => name !== "pass"));
  for (const name of carriedOut) parts.reached.command(name);
  for (const { reason } of announcements.receipts) parts.reached.reason(reason);
  for (const name of serverNames) {
    if (await world.subjects[name].touched()) parts.reachedServers.server(plan.servers[name]);
  }
}

/** What was promised is told a few turns of the event loop after it is true; who is not told by then is named by what checks it. */
async function isSettled({ expectations }: RealHost): Promise<void> {
  await until(() => expectations.disappointments.length === 0, "somebody still waits", latenessMs).catch(
    () => undefined,
  );
}

function receiptProblems(life: Announced): readonly string[] {
  const { receipts } = life.announcements;
  return receipts.flatMap((receipt) => [
    ...problemsOf(receipt, life),
    ...receipt.connections.flatMap((connection) => connectionProblems(connection)),
  ]);
}

function connectionProblems(connection: ConnectionReceipt): readonly string[] {
  const { outcome, survivors, doubtful, netUsed } = connection;
  const isProved = outcome === "closed" && survivors.length === 0 && doubtful.length === 0 && !netUsed;
  return isProved ? [] : [`it is not proved closed: ${JSON.stringify(connection)}`];
}
