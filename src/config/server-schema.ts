import * as z from "zod";
import { headers, plainText, variables } from "./text-schema.js";
import { count, durationMs } from "./durations.js";
import type { HttpServerConfig, InMemoryServerConfig, LifecycleOptions } from "./server-config.js";
import type { AfterCloseOptions, RestartOptions, StdioServerConfig, TreeLifecycleOptions } from "./server-config.js";
import { type ShapeOf, strict } from "./strict.js";

/** In a file there are no functions and no objects of a program. */
export type SchemaMode = "code" | "file";

const restart = strict({
  initialDelayMs: durationMs.optional(),
  maxDelayMs: durationMs.optional(),
  limit: count(0).optional(),
  withinMs: durationMs.gt(0, "must be more than 0: nothing is within no time").optional(),
} satisfies ShapeOf<RestartOptions>);

const lifecycleFields = {
  connectTimeoutMs: durationMs.optional(),
  callTimeoutMs: durationMs.optional(),
  settleMs: durationMs.optional(),
  releaseMs: durationMs.optional(),
  inputEndedMs: durationMs.optional(),
  terminatingMs: durationMs.optional(),
  verifyMs: durationMs.optional(),
  idleTimeoutMs: durationMs.optional(),
  required: z.boolean().optional(),
  restart: z.union([z.literal(false), restart]).optional(),
} satisfies ShapeOf<LifecycleOptions>;
const lifecycle = strict(lifecycleFields).optional();

const filled = plainText.refine((value) => value.trim() !== "", "must not be empty");
const afterClose = strict({
  command: filled,
  args: z.array(plainText).optional(),
  env: variables.optional(),
  timeoutMs: durationMs.gt(0, "must be more than 0: nothing runs within no time").optional(),
} satisfies ShapeOf<AfterCloseOptions>);
const treeLifecycle = strict({
  ...lifecycleFields,
  afterClose: afterClose.optional(),
} satisfies ShapeOf<TreeLifecycleOptions>).optional();
const code = z.custom<unknown>((value) => typeof value === "function", "must be a function");
const object = z.custom<unknown>(
  (value) => typeof value === "object" && value !== null,
  "must be an OAuthClientProvider",
);
const stdio = {
  type: z.literal("stdio").optional(),
  command: filled,
  args: z.array(plainText).optional(),
  cwd: filled.optional(),
};
const http = { type: z.enum(["http", "sse"]).optional(), url: z.string().superRefine(checkUrl) };

/** A child process. */
export const stdioSchemas = {
  file: strict({ ...stdio, env: variables.optional(), lifecycle: treeLifecycle } satisfies ShapeOf<StdioServerConfig>),
  code: strict({
    ...stdio,
    env: z.union([code, variables]).optional(),
    lifecycle: treeLifecycle,
  } satisfies ShapeOf<StdioServerConfig>),
};

/** A server over HTTP; `authProvider` is known in code only. */
export const httpSchemas = {
  file: strict({ ...http, headers: headers.optional(), lifecycle }),
  code: strict({
    ...http,
    headers: z.union([code, headers]).optional(),
    authProvider: z.union([code, object]).optional(),
    lifecycle,
  } satisfies ShapeOf<HttpServerConfig>),
};

/** A server in this process. In code only. */
export const inMemorySchema = strict({
  type: z.literal("in-memory"),
  createServer: code,
  lifecycle,
} satisfies ShapeOf<InMemoryServerConfig>);

/** No message prints the URL: a query or a password in it may be a secret. */
function checkUrl(value: string, context: z.RefinementCtx): void {
  const protocol = URL.canParse(value) ? new URL(value).protocol : undefined;
  if (protocol === "http:" || protocol === "https:") return;
  const message =
    protocol === undefined ? "not a URL; it looks like https://host/mcp" : `must be http or https, not ${protocol}`;
  context.addIssue({ code: "custom", message });
}
