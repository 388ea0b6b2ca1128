import { execFile } from "node:child_process";

/** What a program said and how it ended. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; never rejects. Killed, with code -1, after `timeoutMs`. */
export function run(command: string, args: readonly string[], options: RunOptions): Promise<Ran> {
  const { cwd, env = process.env, timeoutMs = 120_000 } = options;
  return new Promise((resolve) => {
    execFile(command, args, { cwd, env, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
  });
}

export interface RunOptions {
  readonly cwd: string;
  /** Default: that of the test. */
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

/** What a program wrote, provided that it ended with code 0; else an error with all it said. */
export async function runOk(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, options);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${stdout}${stderr}`);
  return stdout;
}
