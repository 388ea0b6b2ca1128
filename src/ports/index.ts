export type { Clock, TimerHandle } from "./clock.js";
export { howItEnded } from "./exit-sentence.js";
export { type Ledger, type LedgerEntry, noLedger, type RecordedCommand, type RemoteLedgerEntry } from "./ledger.js";
export { type Logger, noLogger } from "./logger.js";
export {
  type McpClient,
  type McpRequestOptions,
  type McpTransport,
  noTimeoutMs,
  type Progress,
  type ToolDescription,
} from "./mcp-client.js";
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
} from "./process-host.js";
export {
  type GuardianStatus,
  type LedgerStatus,
  noRecovery,
  type Recovery,
  type RecoveryListener,
} from "./recovery.js";
export { systemClock } from "./system-clock.js";
export type {
  AfterClose,
  AfterCloseReport,
  CallGate,
  CallTicket,
  ClientContext,
  OpenedTransport,
  OpenRequest,
  RemoteSession,
  TransportFactory,
  TransportHandle,
  TransportKind,
  TransportLook,
} from "./transport-factory.js";
