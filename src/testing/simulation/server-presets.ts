import type { ProcessShape } from "./process-shape.js";
import type { ServerBehaviour } from "./server-behaviour.js";

const helper: ProcessShape = { command: "helper" };

/** Servers by what makes them hard to end; each a behaviour to use as it is or to spread into another. */
export const presets = {
  wellBehaved: {},
  /** Seconds to start, as `npx` needs them. */
  slowStart: { open: { spawnMs: 50, initializeMs: 2_000, listMs: 100 } },
  exitsLate: { tree: { onEof: 1_000 } },
  ignoresEof: { tree: { onEof: "ignored" } },
  /** LP-25: busy cleaning up for three seconds. */
  slowSigterm: { tree: { onEof: "ignored", onSigterm: 3_000 } },
  ignoresSigterm: { tree: { onEof: "ignored", onSigterm: "ignored" } },
  /** LP-24: `npx`, then a shell, then the server; the outer two wait for it and pass nothing on. */
  wrapped: { tree: wrapper("npm exec", wrapper("sh -c", { command: "node server", onEof: 0 })) },
  wrappedIgnoresEof: { tree: wrapper("npm exec", wrapper("sh -c", { command: "node server", onSigterm: 500 })) },
  wrappedStubborn: { tree: wrapper("npm exec", wrapper("sh -c", { command: "node server", onSigterm: "ignored" })) },
  /** LP-27: a close of the leader looks perfect. */
  grandchild: { tree: { children: [helper] } },
  grandchildren: { tree: { children: [{ ...helper, children: [helper, helper] }, helper] } },
  /** LP-28: a browser, started in a session of its own. */
  ownSession: { tree: { children: [{ command: "browser", detach: "session", children: [helper] }] } },
  /** LP-29. */
  doubleFork: { tree: { children: [{ command: "daemon", detach: "double-fork" }] } },
  /** In its own session without the cookie: known only if a look saw it as a descendant before its parent died. */
  shedsCookie: {
    tree: { children: [{ command: "helper with a clean environment", detach: "session", dropsCookie: true }] },
  },
  /** LP-30: the leader dies, the rest stays. */
  crashes: { tree: { exitsAfterMs: 1_000, exit: { signal: "SIGSEGV" }, children: [helper] } },
  crashesWhileOpening: {
    tree: { exitsAfterMs: 10, exit: { code: 7 }, children: [helper] },
    open: { initializeMs: 1_000 },
  },
  /** LP-35. */
  bornOnSigterm: { tree: { onEof: "ignored", bornOnSigterm: [helper, helper] } },
  bornWhileKilled: { tree: { onEof: "ignored", onSigterm: "ignored", bornWhileKilled: 3 } },
  forks: { tree: { onEof: "ignored", forks: { everyMs: 100, times: 30 } } },
  /** LP-37: until `thaw()`. */
  unkillable: { tree: { onEof: "ignored", onSigkill: "uninterruptible" } },
  otherUser: { tree: { children: [{ command: "setuid helper", otherUser: true }] } },
  slowSigkill: { tree: { onEof: "ignored", onSigterm: "ignored", onSigkill: 300 } },
  /** LP-56: its child's zombie outlives the child as long as it lives itself. */
  leavesZombies: {
    tree: { onEof: 1_000, reapsChildren: false, children: [{ command: "short-lived", exitsAfterMs: 10 }] },
  },

  /** LP-18: an abort changes nothing, and it succeeds. */
  opensAnyway: { open: { initializeMs: 500, ignoresAbort: true } },
  neverInitializes: { open: { initializeMs: "never" } },
  /** The opening does not even reject when it is aborted. */
  neverSettles: { open: { initializeMs: "never", ignoresAbort: true } },
  failsToSpawn: { open: { failAt: "spawn" } },
  failsToInitialize: { open: { failAt: "initialize" } },
  failsToList: { open: { failAt: "list" } },
  neverAnswersCalls: { calls: { answerMs: "never" } },
  /** LP-53: progress for ever, an answer never. */
  onlyProgress: { calls: { answerMs: "never", progressEveryMs: 1_000 } },

  stateless: { http: { keepsSessions: false } },
  forgotSession: { http: { delete: 404 } },
  deleteNotAllowed: { http: { delete: 405 } },
  deleteFails: { http: { delete: 500 } },
  deleteHangs: { http: { delete: "never" } },
  /** LP-39: a session exists long before its id is known, or for ever without. */
  lateSessionId: { http: { idMs: 3_000 } },
  neverTellsSessionId: { http: { idMs: "never" } },
  unreachable: { http: { unreachable: true } },
  dropsStream: { http: { dropsAfterMs: 1_000 } },
  /** LP-42. */
  forgetsSession: { http: { forgetsAfterMs: 1_000 } },
  socketsLinger: { http: { socketsLingerMs: 1_000 } },
} as const satisfies Record<string, ServerBehaviour>;

function wrapper(command: string, child: ProcessShape): ProcessShape {
  return { command, onEof: "ignored", waitsForChildren: true, children: [child] };
}
