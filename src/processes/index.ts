export { createCookie } from "./cookie.js";
export type { ContainmentChoice } from "./containment/containment.js";
export {
  endTree,
  type StartedTree,
  startTree,
  type StartTreeOptions,
  type TreeEnd,
  type TreeGraces,
} from "./end-tree.js";
export { createProcessHost, type ProcessHostOptions } from "./process-host.js";
export {
  cookiePrefix,
  type Marks,
  type PidOrder,
  type ProcessEntry,
  type ProcessTable,
  ProcessTableError,
} from "./process-table.js";
export { createCimProcessTable } from "./cim-process-table.js";
export { createLinuxProcessTable } from "./linux-process-table.js";
export { createPsProcessTable } from "./ps-process-table.js";
export { platformProcessTable } from "./platform-process-table.js";
export { type Kill } from "./signal-members.js";
export type {
  ContainmentLevel,
  ExitStatus,
  ObservedProcess,
  ProcessHost,
  ProcessIdentity,
  SignalReport,
  SpawnedTree,
  TreeLook,
  TreeRef,
  TreeSignal,
  TreeSpec,
} from "../ports/process-host.js";
