export { type Budget, budgetFor, stricter } from "./budget.js";
export { connectionMachine } from "./connection.js";
export type {
  ClosedHow,
  ConnectionContext,
  ConnectionEvent,
  ConnectionGraces,
  ConnectionInput,
  ConnectionOutput,
  ConnectionPort,
  ConnectionReport,
  Evidence,
  Finished,
  OpenedSummary,
} from "./connection-types.js";
export { runtimeMachine } from "./runtime.js";
export { openConnection, serverStatus, type ServerStatus } from "./runtime-plan.js";
export type {
  Catalogue,
  ConnectionRecord,
  RestartPolicy,
  RuntimeContext,
  RuntimeEvent,
  RuntimeInput,
  RuntimeOutput,
  RuntimePort,
  ServerSpec,
} from "./runtime-types.js";
export { sessionMachine } from "./session.js";
export { actorOf } from "./session-context.js";
export type {
  Disposal,
  Retirement,
  SessionContext,
  SessionEvent,
  SessionInput,
  SessionOutput,
  SessionPort,
  SessionTimings,
} from "./session-types.js";
export { terminalState } from "./terminal.js";
export { type EndCause, type EndReason, endReasons, type EndRequest, type ServerFailure } from "./vocabulary.js";
