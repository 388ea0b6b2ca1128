import { createCimProcessTable } from "./cim-process-table.js";
import { createLinuxProcessTable } from "./linux-process-table.js";
import type { ProcessTable } from "./process-table.js";
import { createPsProcessTable } from "./ps-process-table.js";

/** The process table of a platform. Every POSIX system but Linux is asked through `ps`. */
export function platformProcessTable(platform: NodeJS.Platform): ProcessTable {
  if (platform === "linux" || platform === "android") return createLinuxProcessTable();
  return platform === "win32" ? createCimProcessTable() : createPsProcessTable();
}
