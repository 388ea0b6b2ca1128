import type { SessionHandle } from "../../src/supervisor/session-handle.js";
import type { SessionSupervisor } from "../../src/supervisor/supervisor.js";

/** The connection's machine fails at the start of its closing: an action of its port throws, once. */
export function breakConnection(supervisor: SessionSupervisor, id: string) {
  const record = supervisor.custody.get(id);
  if (record === undefined) throw new Error(`no ${id}`);
  const abort = record.calls.abort.bind(record.calls);
  record.calls.abort = () => {
    record.calls.abort = abort;
    throw new Error("injected");
  };
}

/** The session's own machine fails: `endBegan` throws, once the end is noted or before that. */
export function breakSession(supervisor: SessionSupervisor, { isNoted = true }: { isNoted?: boolean } = {}) {
  const { completion } = supervisor.session("chat") as SessionHandle;
  const begin = completion.begin.bind(completion);
  completion.begin = (request) => {
    completion.begin = begin;
    if (isNoted) begin(request);
    throw new Error("injected");
  };
}
