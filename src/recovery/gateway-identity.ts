import { readFileSync, readlinkSync } from "node:fs";
import type { ProcessIdentity } from "../ports/process-host.js";
import { type ProcessTable, ProcessTableError } from "../processes/index.js";

/** Where pids and start times mean what they say. */
export interface PidScope {
  /** Of this start of the machine; empty where the system has none, and start times are times of day. */
  readonly bootId: string;
  /** Containers share a boot and perhaps a folder, and count their processes each for itself. Empty where there is none. */
  readonly pidNamespace: string;
}

/** A gateway process that cannot be mistaken for another. */
export type GatewayIdentity = ProcessIdentity & PidScope;

export function pidScope(): PidScope {
  return {
    bootId: textOrNothing(() => readFileSync("/proc/sys/kernel/random/boot_id", "latin1")),
    pidNamespace: textOrNothing(() => readlinkSync("/proc/self/ns/pid")),
  };
}

/** Of this process. */
export function gatewayIdentity(table: ProcessTable): GatewayIdentity {
  const startTime = table.startTimeOf(process.pid);
  if (startTime === undefined) throw new ProcessTableError("this process is not in it");
  return { pid: process.pid, startTime, ...pidScope() };
}

function textOrNothing(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return "";
  }
}
