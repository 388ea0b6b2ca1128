import type { Logger } from "../../ports/index.js";

/** Warnings and errors, a line each, on standard error. */
export function stderrLogger(): Logger {
  const write = (level: string) => (fields: object, message: string) => {
    process.stderr.write(`${level}: ${message} ${JSON.stringify(fields)}\n`);
  };
  const drop = () => undefined;
  return { debug: drop, info: drop, warn: write("warning"), error: write("error") };
}
