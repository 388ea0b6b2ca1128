import { dirname, resolve } from "node:path";
import { ConfigError } from "../../errors/index.js";
import { ownCgroup } from "../../processes/containment/cgroup-mount.js";
import { platformProcessTable } from "../../processes/platform-process-table.js";
import { pidScope } from "../../recovery/gateway-identity.js";
import { readLedgers } from "../../recovery/read-ledgers.js";
import { survey } from "./survey.js";
import type { Survey } from "./views.js";

/** The survey of this machine. With `pid`, what concerns that gateway; throws `ConfigError` where nothing is known of it. */
export async function lookAround({ directory, pid }: { directory: string; pid?: number | undefined }): Promise<Survey> {
  const ledgers = await readLedgers(resolve(directory));
  const own = ownCgroup();
  const recorded = ledgers.entries.flatMap(({ entry }) => (entry.cgroup === undefined ? [] : [dirname(entry.cgroup)]));
  const cgroupBases = [...new Set([...(own === undefined ? [] : [own]), ...recorded])];
  const table = platformProcessTable(process.platform);
  const seen = survey({ table, ledgers, scope: pidScope(), self: process.pid, cgroupBases });
  if (pid === undefined) return seen;
  const gateways = seen.gateways.filter((gateway) => gateway.pid === pid);
  if (gateways.length === 0) throw new ConfigError("--pid", `nothing is known of a gateway with pid ${pid}`);
  return { ...seen, gateways, strays: [], strayCgroups: [], orphans: [], badFiles: [], lateGuardians: [] };
}
