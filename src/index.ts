export {
  type AfterCloseOptions,
  type Environment,
  type HttpServerConfig,
  type InMemoryServer,
  type InMemoryServerConfig,
  type LifecycleOptions,
  loadServersFile,
  type PerContext,
  type RestartOptions,
  safeServerName,
  type ServerConfig,
  type ServerMap,
  type ServersFileOptions,
  type StdioServerConfig,
  type TreeLifecycleOptions,
} from "./config/index.js";
export {
  AdmissionError,
  CallAbortedError,
  CallTimeoutError,
  ConfigError,
  ConnectionLostError,
  ConnectTimeoutError,
  isLifecycleError,
  LeaseReleasedError,
  LifecycleError,
  OpenAbortedError,
  OpenFailedError,
  type OpenStage,
  RestartLimitError,
  ServerLeakedError,
  ServerOutputError,
  SessionEndedError,
  SpawnError,
  SupervisorShutdownError,
  UnknownConnectionError,
  UnknownServerError,
} from "./errors/index.js";
export type { EndCause, EndReason } from "./machines/index.js";
export type {
  AfterCloseReport,
  ClientContext,
  Clock,
  ContainmentLevel,
  ExitStatus,
  GuardianStatus,
  LedgerStatus,
  Logger,
  McpClient,
  McpTransport,
  ObservedProcess,
  Progress,
  RemoteSession,
  ToolDescription,
  TransportKind,
} from "./ports/index.js";
export type { ContainmentChoice } from "./processes/index.js";
export type { Limits } from "./supervisor/admission.js";
export type { LedgerOptions } from "./recovery/index.js";
export { createSupervisor, type SupervisorOptions } from "./supervisor/create-supervisor.js";
export type { SupervisorEvents } from "./supervisor/events.js";
export type {
  CallOptions,
  CatalogResult,
  ConnectionLook,
  EndOptions,
  Lease,
  RetireOptions,
  ServerSource,
  Session,
  SessionContextInfo,
  SessionOptions,
  ShutdownReport,
  Subscription,
  Supervisor,
} from "./supervisor/face.js";
export type { InspectedConnection, InspectedLease, InspectedSession, Inspection } from "./supervisor/inspection.js";
export type { ConnectionReceipt, Means, Phase, PhaseName, SessionReceipt } from "./supervisor/receipts.js";
