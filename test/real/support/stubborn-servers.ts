import type { LifecycleOptions, ServerMap } from "../../../src/index.js";
import { hostileServer, hostileServerPath } from "../../../src/testing/hostile/index.js";
import { createWitness, type Witness, WitnessError } from "../../../src/testing/witness/index.js";
import { shortGraces } from "./graces.js";
import { killByIdentity } from "./kill.js";
import { processesWith } from "./marked-processes.js";
import { until } from "./until.js";

/** Servers that go by SIGKILL only, one of them with a helper in a session of its own; all under one witness. */
export interface StubbornServers extends AsyncDisposable {
  readonly servers: ServerMap;
  readonly witness: Witness;
  /** Rejects with a sentence that names what is left, also of what never came to hold the witness. */
  nothingLeft(options: { withinMs: number }): Promise<void>;
  /** SIGKILL to each of them, and to what they started meanwhile, until there is none. Nobody may start more. */
  killed(): Promise<void>;
}

export async function stubbornServers(
  options: { lifecycle?: LifecycleOptions; program?: string } = {},
): Promise<StubbornServers> {
  const witness = await createWitness();
  const { lifecycle = shortGraces, program = hostileServerPath } = options;
  const make = (name: Parameters<typeof hostileServer>[0], flags: string[] = []) => {
    const { command, args, env } = hostileServer(name, { witness, flags });
    return { command, args: args.map((arg) => (arg === hostileServerPath ? program : arg)), env, lifecycle };
  };
  const startedButNotUp = () => processesWith(`WITNESS_FIFO=${witness.env.WITNESS_FIFO}`);
  const left = () => [...witness.holders(), ...startedButNotUp()];
  const killed = () =>
    until(() => {
      const seen = left();
      for (const each of seen) killByIdentity(each);
      return seen.length === 0 && !witness.isHeld;
    }, "there are always more of them");
  return {
    servers: {
      deaf: make("ignores-everything"),
      strayed: make("helper-detached", ["--ignore-eof", "--ignore-term", "--helpers-ignore-term"]),
    },
    witness,
    nothingLeft: async ({ withinMs }) => {
      const isGone = () => !witness.isHeld && startedButNotUp().length === 0;
      await until(isGone, "left", withinMs).catch(() => {
        throw new WitnessError(`left ${withinMs} ms after the gateway exited:`, left());
      });
    },
    killed,
    [Symbol.asyncDispose]: async () => {
      await killed();
      await witness.dispose();
    },
  };
}
