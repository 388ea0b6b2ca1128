import type { Redactor } from "../config/index.js";
import type { Logger } from "../ports/index.js";

/** Writes nothing secret, whoever logs. */
export function redactingLogger(logger: Logger, redactor: Redactor): Logger {
  const write = (level: keyof Logger) => (fields: object, message: string) =>
    logger[level](redactor.data(fields), redactor.text(message));
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}
