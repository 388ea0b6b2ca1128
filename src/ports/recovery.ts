/** What stands ready for the case that the gateway dies. */
export interface Recovery {
  readonly ledger: LedgerStatus;
  readonly guardian: GuardianStatus;
  /** Told of each change; one listener. */
  listen(listener: RecoveryListener): void;
  /** Nothing is held any more, and nothing will be: the guardian may go. Never rejects. */
  close(): Promise<void>;
}

export interface RecoveryListener {
  ledger(status: LedgerStatus): void;
  guardian(status: GuardianStatus): void;
}

/** Whether records can be written. */
export interface LedgerStatus {
  /** `degraded`: the last record could not be written; what it is about would outlive a gateway that is killed. */
  readonly state: "off" | "kept" | "degraded";
  /** Where this gateway's records are. */
  readonly folder?: string | undefined;
  /** Records that could not be written, since the beginning. */
  readonly failures: number;
  /** Of the last failure, while `degraded`. */
  readonly problem?: string | undefined;
}

/** The process that outlives this one. */
export interface GuardianStatus {
  /**
   * `idle`: nothing to watch over yet, or no more. `watching`: it waits for the end of this process. `lost`: it died and is about to be started
   * again. `unavailable`: it cannot be started here.
   */
  readonly state: "off" | "idle" | "watching" | "lost" | "unavailable";
  readonly pid?: number | undefined;
  /** How often it died while it was to watch. */
  readonly losses: number;
  readonly problem?: string | undefined;
}

/** Nothing does. */
export const noRecovery: Recovery = {
  ledger: { state: "off", failures: 0 },
  guardian: { state: "off", losses: 0 },
  listen: () => undefined,
  close: () => Promise.resolve(),
};
