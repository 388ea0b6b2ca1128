import type { ExitStatus } from "./process-host.js";

/** The rest of a sentence whose subject is a process. */
export function howItEnded({ code, signal }: ExitStatus): string {
  return signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
}
