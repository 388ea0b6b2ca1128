import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createPathMark, type PathMark } from "./path-mark.js";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));

/** How the built command ended. */
export interface CliEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A line of `--json`, as far as all of them are alike. */
export interface CliEvent {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** The built command, running. */
export interface RunningCli extends Pick<PathMark, "nothingLeft"> {
  readonly child: ChildProcess;
  readonly ended: Promise<CliEnd>;
  /** Resolves with the first event of that name; rejects if the command ends without. */
  event(name: string): Promise<CliEvent>;
  /** Resolves with what it wrote to its standard output once that matches; rejects if the command ends without. */
  said(pattern: RegExp): Promise<string>;
}

export interface CliOptions {
  /** Default: the project's. */
  readonly cwd?: string;
  /** Words before its command line. */
  readonly prefix?: readonly string[];
}

/** Starts the built command. */
export function startCli(args: readonly string[], { cwd = root, prefix = [] }: CliOptions = {}): RunningCli {
  if (!existsSync(main)) throw new Error(`${main} does not exist: npm run build`);
  const { env, nothingLeft } = createPathMark();
  const [command = process.execPath, ...words] = [...prefix, process.execPath, main, ...args];
  const child = spawn(command, words, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const lines: string[] = [];
  let stderr = "";
  const output = createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<CliEnd>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal, stdout: lines.join("\n"), stderr }));
  });
  const find = (name: string) => lines.map(parseEvent).find(({ event }) => event === name);
  const text = () => lines.join("\n");
  const seen = async <T>(look: () => T | undefined, what: string): Promise<T> => {
    const isOver = ended.then(() => true);
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      const next = new Promise<false>((resolve) => output.once("line", () => resolve(false)));
      if ((await Promise.race([next, isOver])) && look() === undefined) {
        throw new Error(`ended without ${what}:\n${text()}${stderr}`);
      }
    }
  };
  return {
    child,
    ended,
    event: (name) => seen(() => find(name), `"${name}"`),
    said: (pattern) => seen(() => (pattern.test(text()) ? text() : undefined), String(pattern)),
    nothingLeft,
  };
}

/** Runs it to its end. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliEnd & RunningCli> {
  const running = startCli(args, options);
  return { ...running, ...(await running.ended) };
}

/** The lines of `--json`. */
export function eventsOf(stdout: string): readonly CliEvent[] {
  return stdout.split("\n").map(parseEvent);
}

function parseEvent(line: string): CliEvent {
  return JSON.parse(line) as CliEvent;
}
