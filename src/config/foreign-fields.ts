import type { Problem } from "./problem.js";

/** A server's entry in the words of this library. */
export interface NativeServer {
  readonly isDisabled: boolean;
  readonly server: Readonly<Record<string, unknown>>;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/**
 * Takes the fields of other programs out of a server's entry. What they mean is done where that is possible (`disabled`, other names of ours);
 * where it is not, a warning says what is not done. What is known to nobody stays, and is refused by the schema.
 */
export function withoutForeignFields(
  raw: Readonly<Record<string, unknown>>,
  path: readonly PropertyKey[],
): NativeServer {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const server: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(raw)) {
    const at = [...path, name];
    const native = Object.hasOwn(aliases, name) ? aliases[name] : undefined;
    const isSwitch = Object.hasOwn(switches, name);
    if (isSwitch && typeof value !== "boolean") problems.push({ path: at, text: "expected boolean" });
    else if (Object.hasOwn(ignoredServerFields, name)) {
      warnings.push({ path: at, text: `ignored: ${ignoredServerFields[name]}` });
    } else if (native !== undefined && Object.hasOwn(raw, native)) {
      problems.push({ path: at, text: `another name of ${native}, which is given too; remove one` });
    } else if (!isSwitch) {
      const meant = native ?? name;
      server[meant] = meant === "type" && typeof value === "string" ? (typeNames[value] ?? value) : value;
    }
  }
  return { isDisabled: raw["disabled"] === true || raw["enabled"] === false, server, problems, warnings };
}

/** Other programs' names of fields of ours. */
export const aliases: Readonly<Record<string, string>> = { transport: "type", httpUrl: "url", serverUrl: "url" };

/** Whether a server is used at all. */
export const switches: Readonly<Record<string, string>> = {
  disabled: "Of other programs. A server that is disabled is left out, and not looked at any further.",
  enabled: "Of other programs: the reverse of disabled.",
};

const typeNames: Readonly<Record<string, string>> = {
  streamableHttp: "streamable-http",
  streamable_http: "streamable-http",
};

const everyTool = "every tool of the server is offered; what may be called is for the client to say";
const noSignIn = "nobody is asked to sign in here; put a token into headers";

/** Fields of other programs that mean nothing here, and what is not done. Their units and meanings differ from one to the next. */
export const ignoredServerFields: Readonly<Record<string, string>> = {
  alwaysAllow: everyTool,
  autoApprove: everyTool,
  trust: everyTool,
  disabledTools: everyTool,
  enabledTools: everyTool,
  includeTools: everyTool,
  excludeTools: everyTool,
  tools: everyTool,
  timeout:
    "some programs count it in seconds, some in milliseconds; use lifecycle.callTimeoutMs or lifecycle.connectTimeoutMs",
  initTimeout: "use lifecycle.connectTimeoutMs",
  connectionTimeoutMs: "use lifecycle.connectTimeoutMs",
  envFile: "no such file is read; use env, with ${NAME} for what stands in the environment",
  headersHelper: "no program is asked for headers; use headers, with ${NAME} for what stands in the environment",
  oauth: noSignIn,
  auth: noSignIn,
  authProviderType: noSignIn,
  sandbox: "the server is not put into a sandbox",
  description: "nobody reads it here",
  title: "nobody reads it here",
  icon: "nobody reads it here",
  iconPath: "nobody reads it here",
  note: "nobody reads it here",
  source: "nobody reads it here",
  gallery: "nobody reads it here",
  version: "nobody reads it here",
  dev: "nothing is watched or debugged here",
  watchPaths: "nothing is watched here; reload with SIGHUP",
};

/** Fields of other programs beside `mcpServers`. */
export const ignoredFileFields: Readonly<Record<string, string>> = {
  inputs: "nobody is asked for inputs here; use environment variables: ${NAME}",
};
