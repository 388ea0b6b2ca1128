import type { IOType } from "node:child_process";
import { createWriteStream } from "node:fs";
import { PassThrough, type Stream, Writable } from "node:stream";
import { ConfigError } from "../errors/index.js";

/** As in the SDK's parameters: what becomes of the server's stderr. */
export type StderrOption = IOType | Stream | number | undefined;

/** Where a server's stderr goes besides its tail. */
export interface StderrSink {
  /** For the host to read; only with `pipe` and `overlapped`. */
  readonly readable: PassThrough | null;
  write(chunk: Buffer): void;
  end(): void;
}

/** What a host that reads slowly may fall behind before it loses some, in bytes. */
const lagBytes = 256 * 1024;

/** Throws `ConfigError` for what is no place to write to. */
export function createStderrSink(option: StderrOption): StderrSink {
  if (option === "pipe" || option === "overlapped") return readableSink();
  if (option === undefined || option === null || option === "inherit") return writableSink(process.stderr, false);
  if (option === "ignore") return { readable: null, write: () => undefined, end: () => undefined };
  if (typeof option === "number") return writableSink(createWriteStream("", { fd: option, autoClose: false }), true);
  if (option instanceof Writable) return writableSink(option, false);
  throw new ConfigError(
    "stderr",
    `${JSON.stringify(option)} is not pipe, inherit, ignore, a descriptor or a writable stream`,
  );
}

/** Nobody has to read it: the server must never block on a host that does not (LP-34). */
function readableSink(): StderrSink {
  const readable = new PassThrough({ highWaterMark: lagBytes });
  return {
    readable,
    write: (chunk) => {
      if (!readable.writableNeedDrain && !readable.writableEnded) readable.write(chunk);
    },
    end: () => readable.end(),
  };
}

function writableSink(stream: Writable, own: boolean): StderrSink {
  const ignore = () => undefined;
  return {
    readable: null,
    write: (chunk) => {
      if (stream.writable && stream.writableLength < lagBytes) stream.write(chunk, ignore);
    },
    end: () => {
      if (own) stream.end();
    },
  };
}
