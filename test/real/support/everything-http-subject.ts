import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { freePort } from "../../../src/cli/demo/free-port.js";
import { shortGraces } from "./graces.js";
import { serverProgram } from "./reference-subjects.js";
import type { SubjectKind } from "./subject.js";
import { until } from "./until.js";

/** A real server-everything over Streamable HTTP, in a process of its own that the test started: one for all its sessions. */
export interface EverythingOverHttp extends AsyncDisposable {
  readonly kind: SubjectKind;
}

/** Starts it on a free port of the loopback. Its log is its list of sessions. */
export async function startEverythingOverHttp(): Promise<EverythingOverHttp> {
  const port = await freePort();
  const env = { ...process.env, PORT: String(port) };
  const child = spawn(process.execPath, [serverProgram("everything"), "streamableHttp"], { env, stdio: "pipe" });
  let log = "";
  for (const pipe of [child.stdout, child.stderr]) pipe.on("data", (chunk: Buffer) => (log += chunk.toString()));
  await until(
    () => log.includes("listening on port"),
    () => `server-everything said: ${log}`,
    30_000,
  );
  return {
    kind: kindOf(`http://127.0.0.1:${port}/mcp`, () => log),
    [Symbol.asyncDispose]: () => end(child),
  };
}

function kindOf(url: string, log: () => string): SubjectKind {
  const isKept = (session: string) =>
    log().includes(`initialized with ID: ${session}`) && !log().includes(`Transport closed for session ${session}`);
  return {
    name: "server-everything over Streamable HTTP",
    opens: "for good",
    losableLeader: false,
    call: { tool: "trigger-long-running-operation", args: { duration: 100, steps: 1000 } },
    start: async ({ stalls }) => {
      const sessions = new Set<string>();
      let requests = 0;
      const watching: typeof fetch = async (input, init) => {
        requests += 1;
        if (stalls && isListing(init?.body)) await aborted(init?.signal);
        const response = await fetch(input, init);
        const session = response.headers.get("mcp-session-id");
        if (session !== null) sessions.add(session);
        return response;
      };
      return {
        // One process for all of them: it may be busy when an initialize comes, and whose session is unknown cannot be deleted (LP-39).
        config: { url, lifecycle: { ...shortGraces, settleMs: 5_000 } },
        supervisorOptions: { fetch: watching },
        begun: () => until(() => requests > 0, "no request was sent"),
        remember: () => undefined,
        touched: async () => requests > 0,
        nothingLeft: () => {
          const kept = () => [...sessions].filter(isKept);
          return until(
            () => kept().length === 0,
            () => `the server still keeps the sessions ${kept().join(", ")}`,
            1_000,
          );
        },
        [Symbol.asyncDispose]: async () => undefined,
      };
    },
  };
}

function isListing(body: unknown): boolean {
  return typeof body === "string" && body.includes('"tools/list"');
}

function aborted(signal: AbortSignal | null | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (!signal || signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

async function end(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}
