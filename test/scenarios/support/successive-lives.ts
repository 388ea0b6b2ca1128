import type { StdioServerConfig } from "../../../src/index.js";
import { hostileServer, type HostileServerName } from "../../../src/testing/hostile/index.js";
import { createWitness, type Witness } from "../../../src/testing/witness/index.js";
import { killByIdentity } from "../../real/support/kill.js";

/** A server that is started several times, each of its lives under a witness of its own. */
export interface SuccessiveLives extends AsyncDisposable {
  readonly config: Pick<StdioServerConfig, "command" | "args" | "env">;
  readonly witnesses: readonly Witness[];
  /** At each start after the first: whether anything of a former life was still there. */
  readonly overlaps: readonly boolean[];
}

export async function successiveLives(
  name: HostileServerName,
  options: { readonly atMost: number; readonly flags?: readonly string[] },
): Promise<SuccessiveLives> {
  const { atMost, flags = [] } = options;
  const witnesses = await Promise.all(Array.from({ length: atMost }, () => createWitness()));
  const overlaps: boolean[] = [];
  let starts = 0;
  const envOfNextLife = () => {
    const witness = witnesses[starts];
    if (witness === undefined) throw new Error(`the server was started more than ${atMost} times`);
    if (starts > 0) overlaps.push(witnesses.slice(0, starts).some(({ isHeld }) => isHeld));
    starts += 1;
    return hostileServer(name, { witness }).env;
  };
  const { command, args } = hostileServer(name, { flags });
  return {
    config: { command, args, env: envOfNextLife },
    witnesses,
    overlaps,
    [Symbol.asyncDispose]: async () => {
      for (const witness of witnesses) {
        if (witness.isHeld) for (const seen of witness.holders()) killByIdentity(seen);
        await witness.dispose();
      }
    },
  };
}
