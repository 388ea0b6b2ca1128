import type { AfterCloseOptions, LifecycleOptions, RestartOptions, TreeLifecycleOptions } from "./server-config.js";

/** `LifecycleOptions` with nothing left open. */
export type ResolvedLifecycle = {
  readonly [K in keyof Omit<LifecycleOptions, "restart">]-?: NonNullable<LifecycleOptions[K]>;
} & {
  readonly restart: ResolvedRestart | false;
};

export type ResolvedRestart = { readonly [K in keyof RestartOptions]-?: NonNullable<RestartOptions[K]> };

const restartDefaults: ResolvedRestart = { initialDelayMs: 500, maxDelayMs: 30_000, limit: 5, withinMs: 60_000 };

/** The graces are the SDK's and OpenClaw's, so that adopting the library changes nobody's grace. */
const lifecycleDefaults: ResolvedLifecycle = {
  connectTimeoutMs: 30_000,
  callTimeoutMs: 60_000,
  settleMs: 2_000,
  releaseMs: 5_000,
  inputEndedMs: 2_000,
  terminatingMs: 2_000,
  verifyMs: 5_000,
  idleTimeoutMs: 0,
  required: false,
  restart: restartDefaults,
};

const defaultAfterCloseMs = 10_000;

/** How long a command may run once the tree is proved gone. */
export function afterCloseLimitMs({ timeoutMs = defaultAfterCloseMs }: AfterCloseOptions): number {
  return timeoutMs;
}

/** Fills in the defaults; what was set wins, an explicit `undefined` does not. */
export function resolveLifecycle(options: TreeLifecycleOptions = {}): ResolvedLifecycle {
  const { afterClose: _hasNoDefault, restart, ...graces } = options;
  return {
    ...withDefaults(lifecycleDefaults, graces),
    restart: restart === false ? false : withDefaults(restartDefaults, restart),
  };
}

function withDefaults<T extends object>(defaults: T, options: object = {}): T {
  const set = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(set) };
}
