import type { SupervisorEvents } from "./events.js";
import type { SessionHandle } from "./session-handle.js";
import type { RuntimeRef } from "./session-view.js";

/** Announces the life of a runtime, and lets whoever waits look at each of its transitions. */
export function watchRuntime(session: SessionHandle, runtime: RuntimeRef): void {
  const { id } = runtime.getSnapshot().context;
  let announced: SupervisorEvents["runtime"]["state"] | undefined;
  const announce = (state: SupervisorEvents["runtime"]["state"]) => {
    if (state === announced) return;
    announced = state;
    session.host.events.emit("runtime", { ...session.moment(), runtime: id, state });
  };
  const ended = () => {
    announce("ended");
    session.pulse.beat();
  };
  announce("running");
  runtime.subscribe({
    next: ({ value }) => {
      if (value === "ending") announce("ending");
      session.pulse.beat();
    },
    complete: ended,
    error: ended,
  });
}
