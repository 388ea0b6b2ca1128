import {
  createSupervisor,
  type Supervisor,
  type SupervisorOptions,
  type TreeLifecycleOptions,
} from "../../../src/index.js";
import type { HostileServerName } from "../../../src/testing/hostile/index.js";
import type { Witness } from "../../../src/testing/witness/index.js";
import { startHostileSubject } from "../../real/support/hostile-subjects.js";

/** A gateway whose sessions have one server, named `server`. Every process of its trees holds the witness. */
export interface Gateway extends AsyncDisposable {
  readonly supervisor: Supervisor;
  readonly witness: Witness;
}

export interface GatewayOptions extends Omit<SupervisorOptions, "servers"> {
  /** Flags of the hostile server. */
  readonly flags?: readonly string[];
  /** Instead of the short graces of the tests. */
  readonly lifecycle?: TreeLifecycleOptions;
}

/** Starts nothing yet. What a scenario leaves is shut down, and what that leaves is killed. */
export async function gatewayWith(name: HostileServerName, options: GatewayOptions = {}): Promise<Gateway> {
  const { flags = [], lifecycle, ...rest } = options;
  const subject = await startHostileSubject(name, { flags });
  const server = { ...subject.config, lifecycle: { ...subject.config.lifecycle, ...lifecycle } };
  const supervisor = createSupervisor({ signals: false, ...rest, servers: { server } });
  return {
    supervisor,
    witness: subject.witness,
    [Symbol.asyncDispose]: async () => {
      await supervisor.shutdown();
      await subject[Symbol.asyncDispose]();
    },
  };
}
