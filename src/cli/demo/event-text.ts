import type { DemoEvent, DoneEvent } from "./events.js";
import { receiptText, seconds } from "../receipt-text.js";

/** An event for people. */
export function eventText(event: DemoEvent): string {
  switch (event.event) {
    case "started":
      return [
        ...event.servers.flatMap(({ server, note }) => (note === undefined ? [] : [`${server}: ${note}`])),
        ...event.sessions.map(({ session, end, servers }) => `${session} will be ${end}: ${servers.join(", ")}`),
        ...event.skipped.map(({ name, why }) => `without ${name}: ${why}`),
      ].join("\n");
    case "listed":
      return `${event.session} ${event.server}: lists ${event.tools} tools`;
    case "failed":
      return `${event.session}${event.server === undefined ? "" : ` ${event.server}`}: failed: ${event.error}`;
    case "called":
      return `${event.session} ${event.server}: ${event.tool} answered ${event.answer}`;
    case "ending":
      return `${event.session}: ${event.how}`;
    case "receipt":
      return receiptText(event.receipt);
    case "interrupted":
      return `${event.signal}: ending everything`;
    default:
      return doneText(event);
  }
}

function doneText({ sessions, tookMs, mostProcesses, left }: DoneEvent): string {
  const head = `${sessions.closed} session${sessions.closed === 1 ? "" : "s"} closed, ${sessions.leaked} leaked, in ${seconds(tookMs)}`;
  const most = mostProcesses === undefined ? "" : `; ${mostProcesses} processes at most`;
  if (left === undefined) return `${head}; the process table cannot be read here: see the receipts for what is left`;
  if (left.length === 0) return `${head}${most}; the process table shows none of them any more`;
  const lines = left.map(({ pid, ppid, command, session, server }) => {
    return `  left of ${session} ${server}: pid ${pid} (parent ${ppid}) ${command}`;
  });
  return [`${head}${most}; ${left.length} of them LEFT:`, ...lines].join("\n");
}
