import type { ServerConfig } from "../../config/index.js";
import { type EndReason, endReasons } from "../../machines/index.js";
import type { DemoServer } from "./demo-server.js";

/** One session of the demo: what it opens and how it ends. */
export interface SessionPlan {
  readonly key: string;
  readonly servers: readonly DemoServer[];
  readonly end: EndReason;
  /** The required server whose process is killed so that the session ends as `errored`; absent where there is none to kill. */
  readonly victim?: string | undefined;
}

/** Which of the demo's own servers a session has, by its end; each server is in one at least, the hostile ones in several. */
const casts: Readonly<Record<EndReason, readonly string[]>> = {
  ended: ["everything", "everything-http", "deaf"],
  reset: ["filesystem", "everything-npx", "browser-like"],
  timedOut: ["everything-sh", "in-memory", "lost-wrapper"],
  errored: ["everything", "everything-http", "browser-like"],
};

/** Sessions on the demo's own servers. The four ends come in turn. */
export function planDemo(servers: readonly DemoServer[], count: number): readonly SessionPlan[] {
  return inTurn(count, (end) => servers.filter(({ name }) => casts[end].includes(name)));
}

/** Sessions on somebody's own servers: each session has all of them. */
export function planOwn(servers: readonly DemoServer[], count: number): readonly SessionPlan[] {
  return inTurn(count, () => servers);
}

function inTurn(count: number, castOf: (end: EndReason) => readonly DemoServer[]): readonly SessionPlan[] {
  return Array.from({ length: count }, (_, index) => {
    const end = endReasons[index % endReasons.length] ?? "ended";
    const key = `demo-${index + 1}`;
    return end === "errored" ? withVictim({ key, end, servers: castOf(end) }) : { key, end, servers: castOf(end) };
  });
}

/** The first server that is a process: without it the session is worth nothing, and it is not started again. */
function withVictim(plan: SessionPlan): SessionPlan {
  const victim = plan.servers.find(({ config }) => "command" in config)?.name;
  const servers = plan.servers.map((server) =>
    server.name === victim ? { ...server, config: requiredOnce(server.config) } : server,
  );
  return { ...plan, servers, victim };
}

function requiredOnce(config: ServerConfig): ServerConfig {
  return { ...config, lifecycle: { ...config.lifecycle, required: true, restart: false } };
}
