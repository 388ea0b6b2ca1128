import type { Logger } from "../ports/index.js";

/** The same logger, but what it throws harms nobody: a log line is no reason to lose a tree (LP-51). */
export function safeLogger(logger: Logger): Logger {
  const safe = (level: keyof Logger) => (fields: object, message: string) => {
    try {
      logger[level](fields, message);
    } catch {
      // There is nobody left to tell.
    }
  };
  return { debug: safe("debug"), info: safe("info"), warn: safe("warn"), error: safe("error") };
}
