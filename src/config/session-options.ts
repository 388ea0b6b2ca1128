import { isAbsolute } from "node:path";
import * as z from "zod";
import { count, durationMs } from "./durations.js";
import { problemsOf, throwProblems } from "./problem.js";
import { type ShapeOf, strict } from "./strict.js";
import { plainText } from "./text-schema.js";

/** Durations of a session, each in milliseconds, at least 0 and below 2^31. */
export interface SessionDurations {
  /** The session ends as `timedOut` when no call ended for so long. 0: off. */
  readonly idleTimeoutMs?: number | undefined;
  /** The session ends as `timedOut` so long after it was made. 0: off. */
  readonly maxLifetimeMs?: number | undefined;
  /** How long an end waits for calls in flight. */
  readonly drainMs?: number | undefined;
  /** How long a required retirement waits for leases. */
  readonly requiredRetireMs?: number | undefined;
}

const durationFields = {
  idleTimeoutMs: durationMs.optional(),
  maxLifetimeMs: durationMs.optional(),
  drainMs: durationMs.optional(),
  requiredRetireMs: durationMs.optional(),
} satisfies ShapeOf<SessionDurations>;

/** Servers have a check of their own, and a parent is an object of this library. */
const sessionOptions = strict({
  ...durationFields,
  servers: z.unknown().optional(),
  parent: z.unknown().optional(),
  oneShot: z.boolean().optional(),
  tags: z.record(z.string(), z.string()).optional(),
});

const ledger = strict({
  // The guardian is told of it in a line of its own.
  directory: plainText
    .refine(isAbsolute, "must be an absolute path")
    .refine((path) => !path.includes("\n"), "must not contain a line break")
    .optional(),
  onFailure: z.enum(["refuse", "continue"]).optional(),
  guardian: z.boolean().optional(),
  watchdogMs: durationMs.min(1_000, "must be at least 1000 milliseconds: shorter blocks are everyday life").optional(),
}).refine(({ guardian, watchdogMs }) => guardian !== false || watchdogMs === undefined, {
  path: ["watchdogMs"],
  message: "needs the guardian",
});

const supervisorOptions = strict({
  servers: z.unknown().optional(),
  limits: z.unknown().optional(),
  createClient: z.function().optional(),
  onClient: z.function().optional(),
  fetch: z.function().optional(),
  ledger: z.union([z.literal(false), ledger]).optional(),
  logger: z.looseObject({}).optional(),
  clock: z.looseObject({}).optional(),
  containment: z.enum(["auto", "cgroup", "group", "namespace"]).optional(),
  signals: z.boolean().optional(),
  leaseWarnMs: durationMs.optional(),
  traceLeases: z.boolean().optional(),
});

/**
 * Checks a session's options, but not its servers, and gives its durations. Throws `ConfigError`, whose `field` begins with `source`.
 */
export function parseSessionOptions(
  options: unknown,
  { source = "options" }: { source?: string | undefined } = {},
): SessionDurations {
  const result = sessionOptions.safeParse(options ?? {});
  throwProblems(problemsOf(result.error?.issues ?? [], [source]));
  return result.data ?? {};
}

/** Checks a supervisor's options, but not its servers and limits. Throws `ConfigError`, whose `field` begins with `options`. */
export function parseSupervisorOptions(options: unknown): void {
  throwProblems(problemsOf(supervisorOptions.safeParse(options ?? {}).error?.issues ?? [], ["options"]));
}

/**
 * Checks an object of limits: each of the `known` ones a whole number of at least 1, no others. Throws `ConfigError`, whose `field`
 * begins with `source`.
 */
export function parseLimits<Name extends string>(
  value: unknown,
  { known, source = "limits" }: { known: readonly Name[]; source?: string | undefined },
): Partial<Record<Name, number>> {
  const limits = strict(Object.fromEntries(known.map((name) => [name, count(1).optional()])));
  const result = limits.safeParse(value ?? {});
  throwProblems(problemsOf(result.error?.issues ?? [], [source]));
  return (result.data ?? {}) as Partial<Record<Name, number>>;
}
