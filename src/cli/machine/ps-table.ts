import Table from "cli-table3";
import { ageText, memoryText } from "./text.js";
import type { GatewayView, Survey, TreeView } from "./views.js";

const head = ["gateway", "state", "session", "server", "held by", "pid", "processes", "memory", "age"];

/** All gateways with their trees, a line each. */
export function psTable({ gateways, strays }: Survey, { colors }: { colors: boolean }): string {
  const style = colors ? { head: ["bold"], border: ["dim"], compact: true } : { head: [], border: [], compact: true };
  const table = new Table({ head, style });
  for (const gateway of gateways) table.push(...gatewayRows(gateway));
  for (const tree of strays) table.push(["nobody's", "", ...treeCells(tree)]);
  return table.toString();
}

function gatewayRows(gateway: GatewayView): string[][] {
  const { pid, state, guardian, trees, remotes, ageMs } = gateway;
  const guarded = guardian === undefined ? state : `${state}, guardian ${guardian}`;
  const own = [String(pid), guarded, "", "", "", "", "", "", ageText(ageMs)];
  const kept = remotes.map(({ session = "", server, url }) => ["", "", session, server, url, "", "", "", ""]);
  return [own, ...trees.map((tree) => ["", tree.state, ...treeCells(tree)]), ...kept];
}

function treeCells({
  session = "?",
  server = "?",
  containment = "?",
  processes,
  memoryBytes,
  ageMs,
}: TreeView): string[] {
  const leader = processes[0]?.pid;
  const pid = leader === undefined ? "" : String(leader);
  return [session, server, containment, pid, String(processes.length), memoryText(memoryBytes), ageText(ageMs)];
}
