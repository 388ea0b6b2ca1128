import type { ConnectionReceipt, Phase, SessionReceipt } from "../index.js";

/** A receipt for people: a line for the session, one for each connection, one for each survivor. */
export function receiptText(receipt: SessionReceipt): string {
  const { key, reason, cause, outcome, startedAt, endedAt, connections } = receipt;
  const heading = `${key} is ${reason} (${cause}): ${outcome} after ${seconds(endedAt - startedAt)}`;
  return [heading, ...connections.flatMap(connectionLines)].join("\n");
}

function connectionLines(connection: ConnectionReceipt): readonly string[] {
  const { server, kind, pid, outcome, means, phases, failure, survivors, doubtful, unreaped, remote } = connection;
  const facts = [
    pid === undefined ? kind : `${kind}, pid ${pid}`,
    `last means ${means}`,
    phases.map(phaseText).join(" → "),
    exitText(connection),
    failure === undefined ? "" : `failure: ${failure}`,
    connection.netUsed ? "ended by the net" : "",
    unreaped.length === 0 ? "" : `${unreaped.length} unreaped`,
    remote === undefined ? "" : `${remote.url} may still keep a session: ${remote.problem}`,
    [...survivors, ...doubtful].length === 0 ? "no survivors" : "",
  ];
  const left = [...survivors, ...doubtful].map(
    ({ pid: survivor, ppid, command }) => `pid ${survivor} (parent ${ppid}) ${command}`,
  );
  const line = `  ${server}: ${outcome}; ${facts.filter((fact) => fact !== "").join("; ")}`;
  return [line, ...left.map((survivor) => `    survives: ${survivor}`)];
}

function phaseText({ name, startedAt, endedAt, problem }: Phase): string {
  return `${name} ${seconds(endedAt - startedAt)}${problem === undefined ? "" : ` (${problem})`}`;
}

function exitText({ exit }: ConnectionReceipt): string {
  if (exit === undefined) return "";
  return exit.signal === null ? `exit code ${exit.code}` : `ended by ${exit.signal}`;
}

/** `0.53 s` */
export function seconds(durationMs: number): string {
  return `${(durationMs / 1_000).toFixed(2)} s`;
}
