import { whyUnusable } from "../../processes/containment/cgroup-containment.js";
import { ownCgroup } from "../../processes/containment/cgroup-mount.js";
import { type Finding, findingsOf } from "./findings.js";
import { lookAround } from "./look-around.js";

/** What was looked at. */
export interface Looked {
  readonly gateways: number;
  readonly trees: number;
  readonly guardians: number;
  /** The same as a sentence, a line. */
  readonly text: string;
}

/** All findings about this machine, or about one gateway. Throws `ConfigError` where nothing is known of that. */
export async function diagnose(options: { directory: string; pid?: number | undefined }): Promise<{
  readonly findings: readonly Finding[];
  readonly looked: Looked;
}> {
  const seen = await lookAround(options);
  const isOfMachine = options.pid === undefined && process.platform === "linux";
  const findings = findingsOf(seen, isOfMachine ? whyUnusable(ownCgroup()) : undefined);
  const gateways = seen.gateways.length;
  const trees = seen.gateways.reduce((sum, gateway) => sum + gateway.trees.length, 0);
  const guardians = seen.gateways.filter(({ guardian }) => guardian !== undefined).length;
  const verdict = findings.length === 0 ? "nothing is wrong" : `${findings.length} found`;
  const text = `${verdict}; looked at: gateways ${gateways}, process trees ${trees}, guardians ${guardians}\n`;
  return { findings, looked: { gateways, trees, guardians, text } };
}

/** A finding for people. */
export function findingLines({ kind, what, remedy, processes }: Finding): string {
  const lines = processes.map(({ pid, ppid, command }) => `    pid ${pid} (parent ${ppid}): ${command}\n`);
  return `${kind}: ${what}\n${lines.join("")}  to do: ${remedy}\n`;
}
