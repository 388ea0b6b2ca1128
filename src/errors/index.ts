export { type ErrorPlace, isLifecycleError, LifecycleError, messageOf } from "./lifecycle-error.js";
export { CallAbortedError, CallTimeoutError } from "./call-errors.js";
export { ConfigError } from "./config-error.js";
export {
  ConnectionLostError,
  ConnectTimeoutError,
  OpenAbortedError,
  OpenFailedError,
  type OpenStage,
  RestartLimitError,
  ServerLeakedError,
} from "./open-errors.js";
export { ServerOutputError, SpawnError } from "./process-errors.js";
export {
  AdmissionError,
  LeaseReleasedError,
  SessionEndedError,
  SupervisorShutdownError,
  UnknownConnectionError,
  UnknownServerError,
} from "./session-errors.js";
