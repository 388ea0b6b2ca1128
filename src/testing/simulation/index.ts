export type { AnswerPlan, AnswerPlans, WorldSchedule } from "./port-answers.js";
export type { ProcessShape } from "./process-shape.js";
export type { PidSpace, VirtualProcess } from "./process-table.js";
export type {
  CallBehaviour,
  Delay,
  HttpBehaviour,
  OpenBehaviour,
  ServerBehaviour,
  ServerBehaviours,
} from "./server-behaviour.js";
export { SimulationError } from "./simulation-error.js";
export type { PendingTimer, RunLimits, VirtualClockOptions } from "./clock-types.js";
export { VirtualClock } from "./virtual-clock.js";
export type { VirtualLedgerRecord } from "./virtual-disk.js";
export { VirtualGateway } from "./virtual-gateway.js";
export { type LedgerMethod, noSpaceError, VirtualLedger } from "./virtual-ledger.js";
export type { VirtualHttpSession, VirtualSocket } from "./virtual-network.js";
export { type HostMethod, type SignalLogEntry, VirtualProcessHost } from "./virtual-process-host.js";
export { VirtualProcesses } from "./virtual-processes.js";
export { type CreatedTransport, VirtualTransportFactory } from "./virtual-transport-factory.js";
export { presets } from "./server-presets.js";
export { createWorld, type World, type WorldOptions } from "./world.js";
export type { WorldEvent, WorldEventType, WorldViolation } from "./world-record.js";
export { WorldTruth } from "./world-truth.js";
