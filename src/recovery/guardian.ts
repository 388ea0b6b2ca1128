import { messageOf } from "../errors/index.js";
import type { Clock, GuardianStatus, ProcessIdentity, TimerHandle } from "../ports/index.js";
import { type GuardianProcess, startGuardian, type StartGuardian } from "./guardian-process.js";

/** What one supervisor wants of the guardian. */
export interface Watch {
  /** Of its records. */
  readonly folder: string;
  /** A turn of the event loop that takes longer is the end of the gateway. Absent: never. */
  readonly watchdogMs?: number | undefined;
  /** Told of each change. */
  readonly onChange: (status: GuardianStatus) => void;
}

export interface GuardianOptions {
  readonly clock: Clock;
  readonly owner: () => ProcessIdentity;
  readonly start?: StartGuardian | undefined;
}

/** The one process that outlives this one, however many supervisors there are. */
export interface Guardian {
  readonly status: GuardianStatus;
  /** From now on there is something to watch over. Starts it, if need be, before it returns. */
  begin(watch: Watch): void;
  /** There is nothing any more. With the last one it goes; resolves when it is gone. */
  end(watch: Watch): Promise<void>;
}

const firstDelayMs = 100;
const longestDelayMs = 30_000;
/** Who lived that long and then died did not die of being started. */
const steadyMs = 60_000;
const beatsPerLimit = 4;

export function createGuardian({ clock, owner, start = startGuardian }: GuardianOptions): Guardian {
  const watches = new Set<Watch>();
  let status: GuardianStatus = { state: "idle", losses: 0 };
  let running: GuardianProcess | undefined;
  let runningSince = 0;
  let delayMs = firstDelayMs;
  let restart: TimerHandle;
  let beating: TimerHandle;

  const enter = (next: Omit<GuardianStatus, "losses">, losses = status.losses) => {
    const isNews = next.state !== status.state || next.pid !== status.pid || next.problem !== status.problem;
    status = { ...next, losses };
    if (isNews) for (const { onChange } of watches) onChange(status);
  };
  const launch = () => {
    const started = attempt();
    if (typeof started === "string") return enter({ state: "unavailable", problem: started });
    running = started;
    runningSince = clock.now();
    tellLimit();
    enter({ state: "watching", pid: started.pid });
  };
  const attempt = (): GuardianProcess | string => {
    try {
      const folders = [...new Set([...watches].map(({ folder }) => folder))];
      const started = start({ owner: owner(), folders, onExit: () => running === started && lost() });
      return started;
    } catch (thrown) {
      return messageOf(thrown);
    }
  };
  const lost = () => {
    if (clock.now() - runningSince >= steadyMs) delayMs = firstDelayMs;
    running = undefined;
    clock.clearTimeout(beating);
    restart = clock.setUnrefTimeout(launch, delayMs);
    delayMs = Math.min(delayMs * 2, longestDelayMs);
    enter({ state: "lost" }, status.losses + 1);
  };
  const tellLimit = () => {
    clock.clearTimeout(beating);
    const limitMs = Math.min(...[...watches].map(({ watchdogMs = Infinity }) => watchdogMs));
    if (limitMs === Infinity) return running?.send("within ");
    running?.send(`within ${limitMs / 1_000}`);
    const beat = () => {
      beating = clock.setUnrefTimeout(beat, limitMs / beatsPerLimit);
      running?.send("beat");
    };
    beating = clock.setUnrefTimeout(beat, limitMs / beatsPerLimit);
  };

  return {
    get status() {
      return status;
    },
    begin: (watch) => {
      const { folder } = watch;
      const isKnown = [...watches].some((each) => each.folder === folder);
      const isNew = watches.size !== watches.add(watch).size;
      if (status.state === "idle" || status.state === "unavailable") return launch();
      if (!isNew) return;
      if (!isKnown) running?.send(`folder ${folder}`);
      if (running) tellLimit();
      watch.onChange(status);
    },
    end: async (watch) => {
      if (!watches.delete(watch)) return;
      if (watches.size > 0) return tellLimit();
      clock.clearTimeout(restart);
      clock.clearTimeout(beating);
      const last = running;
      running = undefined;
      const gone = last?.end();
      enter({ state: "idle" });
      watch.onChange(status);
      await gone;
    },
  };
}
