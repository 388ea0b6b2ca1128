/** Where the library writes what happened. pino, console-like loggers with (fields, message) fit. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const drop = () => undefined;

export const noLogger: Logger = { debug: drop, info: drop, warn: drop, error: drop };
