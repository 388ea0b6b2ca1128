/** OpenClaw's plugin interface, structurally, as far as this plugin meets it. The same in 2026.4.9 and 2026.9.6. */
export interface PluginApi {
  readonly registrationMode?: string | undefined;
  /** The gateway's configuration. */
  readonly config?: unknown;
  /** `plugins.entries.mcp-lifecycle.config`, checked by OpenClaw against the manifest's schema. */
  readonly pluginConfig?: Readonly<Record<string, unknown>> | undefined;
  readonly logger: PluginLogger;
  on<Name extends keyof PluginHooks>(hook: Name, handler: PluginHooks[Name]): void;
}

export interface PluginLogger {
  readonly debug?: ((message: string) => void) | undefined;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** The hooks that tell of the lives of sessions and runs. */
export interface PluginHooks {
  gateway_start(event: object): void;
  gateway_stop(event: { readonly reason?: string | undefined }): Promise<void>;
  session_end(event: SessionEndEvent): Promise<void>;
  agent_end(event: { readonly success?: boolean | undefined }, run: RunContext): void;
  subagent_spawned(event: { readonly childSessionKey: string; readonly mode?: string | undefined }): void;
  subagent_ended(event: { readonly targetSessionKey: string; readonly outcome?: string | undefined }): Promise<void>;
}

export interface SessionEndEvent {
  readonly sessionId: string;
  readonly sessionKey?: string | undefined;
  readonly reason?: string | undefined;
  /** Since 2026.9 a reset may keep the id. */
  readonly nextSessionId?: string | undefined;
}

export interface RunContext {
  readonly sessionId?: string | undefined;
  readonly sessionKey?: string | undefined;
  /** user, heartbeat, cron or memory. */
  readonly trigger?: string | undefined;
}
