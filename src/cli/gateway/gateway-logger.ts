import { pino } from "pino";
import { type Logger, noLogger } from "../../ports/index.js";

/** What is logged, and how. */
export interface LogOptions {
  readonly logLevel: keyof Logger;
  /** Default: text on a terminal, else json. */
  readonly logFormat?: "text" | "json";
}

/** A line for each event on standard error; standard output is the client's or the report's. */
export function createGatewayLogger({ logLevel, logFormat }: LogOptions): Logger {
  const isText = logFormat === "text" || (logFormat === undefined && process.stderr.isTTY);
  return isText ? textLogger(logLevel) : jsonLogger(logLevel);
}

function jsonLogger(level: keyof Logger): Logger {
  const destination = pino.destination({ fd: 2, sync: true });
  // Whoever read it is gone: that is no reason to end what is served.
  destination.on("error", () => undefined);
  // Its own `pid` would be taken for that of a server.
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: levelName } };
  const lines = pino(options, destination);
  return fromLevel(level, (each) => (fields, message) => lines[each](fields, message));
}

function levelName(level: string) {
  return { level };
}

function textLogger(least: keyof Logger): Logger {
  process.stderr.on("error", () => undefined);
  return fromLevel(least, (level) => (fields, message) => {
    const time = new Date().toISOString().slice(11, 23);
    const said = Object.entries(fields).flatMap(([name, value]) =>
      value === undefined ? [] : [` ${name}=${typeof value === "string" ? value : JSON.stringify(value)}`],
    );
    process.stderr.write(`${harmless(`${time} ${level.padEnd(5)} ${message}${said.join("")}`)}\n`);
  });
}

const levels: readonly (keyof Logger)[] = ["debug", "info", "warn", "error"];

/** What is below is `noLogger`'s, by which others know that they need not make it. */
function fromLevel(least: keyof Logger, write: (level: keyof Logger) => Logger[keyof Logger]): Logger {
  const at = (level: keyof Logger) => (levels.indexOf(level) < levels.indexOf(least) ? noLogger[level] : write(level));
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** Servers' words are in it, and a terminal would obey some. */
function harmless(line: string): string {
  return line.replaceAll(/\p{Cc}/gu, (letter) => `\\u${(letter.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);
}
