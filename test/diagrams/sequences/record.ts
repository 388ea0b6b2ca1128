import type { Sequence, SequenceStep, StepLook } from "../../../src/diagrams/sequence.js";
import { isLifecycleError, messageOf } from "../../../src/errors/index.js";
import type { SessionSupervisor } from "../../../src/supervisor/supervisor.js";
import type { ServerBehaviours, World, WorldEvent } from "../../../src/testing/simulation/index.js";
import { simulate, type Simulated } from "../../supervisor/simulated.js";

/** A run to record. */
export interface Scene {
  readonly id: string;
  readonly title: string;
  readonly behaviours: ServerBehaviours;
  readonly play: (stage: Stage) => Promise<void>;
}

/** What a scene plays on. */
export interface Stage extends Simulated {
  /** The host says something to the session. */
  readonly say: (text: string) => void;
  /** What the host asked for, with what it is told in the end; resolves either way. */
  readonly told: (what: string, asked: Promise<unknown>) => Promise<void>;
}

/** Plays a scene in the simulated world and writes down who said what to whom: the same words on every run. */
export async function record({ id, title, behaviours, play }: Scene): Promise<Sequence> {
  const simulated = simulate(behaviours);
  const notes = new Notes(simulated.world);
  listen(simulated.supervisor, notes);
  await play({
    ...simulated,
    say: (text) => notes.message("host", "session", text),
    told: (what, asked) =>
      asked.then(
        () => notes.message("session", "host", what, "done"),
        (error: unknown) => notes.message("session", "host", `${what}: ${codeOf(error)}`, "error"),
      ),
  });
  notes.catchUp();
  simulated.world.truth.assertNothingLeft();
  return { name: id, title: `${id}: ${title}`, actors: notes.actors, steps: notes.steps };
}

function listen(supervisor: SessionSupervisor, notes: Notes): void {
  supervisor.on("session", ({ state }) => notes.state("session", state, lookOfState(state)));
  supervisor.on("connection", ({ connection, state }) => {
    if (state === "opening") notes.message("session", "connection", "open");
    if (state === "closing" || state === "leaked") notes.state("connection", state, lookOfState(state));
    if (state !== "closed") return;
    notes.state("connection", `proved gone: ${notes.left(connection)} left`, "done");
    notes.message("connection", "session", "closed", "done");
  });
  supervisor.on("receipt", ({ outcome }) =>
    notes.message("session", "host", `receipt: ${outcome}`, lookOfState(outcome)),
  );
  supervisor.on("recovered", () => notes.message("session", "host", "recovered: closed after all", "done"));
}

/** Of a transport's diary, what is said; the rest is inside of it. */
const words: Readonly<
  Partial<Record<WorldEvent["type"], readonly [says: "connection" | "server", text: string, look: StepLook]>>
> = {
  open: ["connection", "start, initialize", "event"],
  opened: ["server", "initialized", "done"],
  "open-failed": ["server", "not opened", "error"],
  release: ["connection", "DELETE", "event"],
  released: ["server", "session deleted", "done"],
  "release-failed": ["server", "not deleted", "error"],
  "end-input": ["connection", "end of input", "event"],
  lost: ["server", "lost", "error"],
  call: ["connection", "call", "event"],
  "call-answered": ["server", "answer", "done"],
  "call-failed": ["server", "call failed", "error"],
  "call-cut": ["connection", "call aborted", "error"],
};

/** What was noted, in the order in which it happened. */
class Notes {
  readonly actors = ["host", "session", "connection", "server"];
  readonly steps: SequenceStep[] = [];
  readonly #world: World;
  #seen = 0;
  #signals = 0;

  constructor(world: World) {
    this.#world = world;
  }

  state(of: string, text: string, look: StepLook): void {
    this.catchUp();
    this.#add({ kind: "state", atMs: this.#world.clock.now(), of, text, look });
  }

  message(from: string, to: string, text: string, look: StepLook = "event"): void {
    this.catchUp();
    this.#add({ kind: "message", atMs: this.#world.clock.now(), from, to, text, look });
  }

  left(connection: string): string {
    const processes = this.#world.truth.liveProcesses(connection).length;
    const sessions = this.#world.truth.remoteSessions.length;
    return processes + sessions === 0 ? "nothing" : `${processes} processes, ${sessions} sessions`;
  }

  /** What the world wrote down since the last note. */
  catchUp(): void {
    const events = this.#world.truth.events().slice(this.#seen);
    const signals = this.#world.processHost.log.slice(this.#signals);
    this.#seen += events.length;
    this.#signals += signals.length;
    const said = events.flatMap(({ type, atMs }): SequenceStep[] => {
      const [says, text, look] = words[type] ?? [];
      if (says === undefined || text === undefined || look === undefined) return [];
      return [{ kind: "message", atMs, from: says, to: says === "server" ? "connection" : "server", text, look }];
    });
    const sent = signals.map(({ atMs, signal, command }): SequenceStep => ({
      kind: "message",
      atMs,
      from: "connection",
      to: "server",
      text: `${signal} to ${command}`,
      look: "time",
    }));
    for (const step of [...said, ...sent].toSorted((a, b) => a.atMs - b.atMs)) this.#add(step);
  }

  /** What is only said again, as a kill is until it is over, is not news. */
  #add(step: SequenceStep): void {
    const key = ({ atMs: _when, ...rest }: SequenceStep) => JSON.stringify(rest);
    const before = this.steps.findLast((each) => each.kind === step.kind && key(each) === key(step));
    const isRepeated = step.kind === "message" && step.look === "time" && before !== undefined;
    if (!isRepeated && JSON.stringify(this.steps.at(-1)) !== JSON.stringify(step)) this.steps.push(step);
  }
}

function codeOf(error: unknown): string {
  return isLifecycleError(error) ? error.code : messageOf(error);
}

function lookOfState(state: string): StepLook {
  if (state.includes("leaked")) return "error";
  if (state.includes("closed") || state.endsWith("proven")) return "done";
  return /^(ended|reset|timedOut|errored)|closing/.test(state) ? "time" : "event";
}
