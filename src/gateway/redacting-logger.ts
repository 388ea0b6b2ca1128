import type { Redactor } from "../config/index.js";
import { type Logger, noLogger } from "../ports/index.js";

/** Writes nothing secret, whoever logs. What is dropped anyway is not redacted first: every call passes here. */
export function redactingLogger(logger: Logger, redactor: Redactor): Logger {
  const write = (level: keyof Logger): Logger[keyof Logger] => {
    if (logger[level] === noLogger[level]) return noLogger[level];
    return (fields, message) => logger[level](redactor.data(fields), redactor.text(message));
  };
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}
