import type { Readable, Writable } from "node:stream";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import { CallAbortedError, type LifecycleError, messageOf, ServerOutputError } from "../errors/index.js";
import { messageSchemaFor } from "./json-rpc.js";
import { LineBuffer } from "./line-buffer.js";

/** As the SDK's. */
export const defaultMaxLineBytes = 10 * 1024 * 1024;

export interface StdioChannelOptions {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Longest message either way, and most that may wait to be written. */
  readonly maxLineBytes: number;
  readonly onMessage: (message: JSONRPCMessage) => void;
  /** Something was wrong and the channel goes on. */
  readonly onProblem: (error: Error) => void;
  /** The server does not speak the protocol; nothing more is read. */
  readonly onBroken: (error: ServerOutputError) => void;
  readonly onStderr: (chunk: Buffer) => void;
  /** A pipe came to its end: nothing can be written, or the last byte was read. With a grandchild that inherited it, never (LP-26). */
  readonly onPipeEnd: (pipe: "stdin" | "stdout" | "stderr") => void;
}

/** MCP over the pipes of one process: a JSON-RPC message a line. */
export interface StdioChannel {
  /** Resolves when the pipe takes more. Rejects with a `LifecycleError` when the server does not or cannot read any more. */
  send(message: JSONRPCMessage): Promise<void>;
  /** EOF on the server's stdin; whoever still waits to write is rejected. */
  endInput(): void;
  /** Rejects whoever still waits to write, with `error`. */
  readonly fail: (error: LifecycleError) => void;
  /** Lets go of the pipes, whoever else holds them, so that they keep nobody from exiting. */
  destroy(): void;
}

/** Takes over the pipes of a process. Whatever the server writes, nothing is thrown out of a listener. */
export function createStdioChannel(options: StdioChannelOptions): StdioChannel {
  const { stdin, stdout, stderr } = options;
  let closed: LifecycleError | undefined;
  const waiting = new Set<(error?: LifecycleError) => void>();
  const release = (error?: LifecycleError) => {
    for (const settle of waiting) settle(error);
  };
  const fail = (error: LifecycleError) => {
    closed ??= error;
    release(closed);
  };
  const close = (why: string) => fail(closed ?? new CallAbortedError(why));
  readMessages(options);
  stderr.on("data", options.onStderr);
  stdin.on("drain", () => release());
  stdin.on("close", () => options.onPipeEnd("stdin"));
  stdout.once("end", () => options.onPipeEnd("stdout"));
  stderr.once("end", () => options.onPipeEnd("stderr"));
  for (const pipe of [stdin, stdout, stderr]) pipe.on("error", options.onProblem);

  return {
    send: (message) =>
      new Promise((resolve, reject) => {
        if (closed) throw closed;
        if (stdin.writableLength > options.maxLineBytes) {
          throw new CallAbortedError(
            `the server does not read its stdin, ${stdin.writableLength} bytes wait to be written`,
          );
        }
        const settle = (error?: LifecycleError) => {
          waiting.delete(settle);
          if (error) reject(error);
          else resolve();
        };
        waiting.add(settle);
        // A pipe that the server closed is not written to; `fail` follows and says why it is closed.
        if (stdin.writable && stdin.write(`${JSON.stringify(message)}\n`)) settle();
      }),
    endInput: () => {
      close("the server's stdin was closed");
      stdin.end();
    },
    fail,
    destroy: () => {
      close("the connection was disposed");
      for (const pipe of [stdin, stdout, stderr]) letGo(pipe);
    },
  };
}

function readMessages({ stdout, maxLineBytes, onMessage, onProblem, onBroken }: StdioChannelOptions): void {
  const lines = new LineBuffer({ maxLineBytes });
  let broken = false;
  let strangeLines = 0;
  const deliver = (line: string) => {
    const message = parseMessage(line);
    if (!(message instanceof Error)) {
      strangeLines = 0;
      onMessage(message);
      return;
    }
    strangeLines += 1;
    if (strangeLines > strangeLinesAtMost) {
      throw new ServerOutputError(`${strangeLines} lines in a row on stdout are not JSON-RPC messages`, {
        cause: message,
      });
    }
    onProblem(message);
  };
  stdout.on("data", (chunk: Buffer) => {
    // Still drained when broken: a server that cleans up and meets a closed pipe would die of it.
    if (broken) return;
    try {
      for (const line of lines.push(chunk)) if (line.trim() !== "") deliver(line);
    } catch (thrown) {
      broken = true;
      onBroken(
        thrown instanceof ServerOutputError ? thrown : new ServerOutputError(messageOf(thrown), { cause: thrown }),
      );
    }
  });
}

/** Beyond a greeting: a program that never stops talking would keep this process from doing anything but reading it. */
const strangeLinesAtMost = 1_000;

/** A line that is not a message is reported and skipped, as the SDK does: many a server greets on stdout. */
function parseMessage(line: string): JSONRPCMessage | ServerOutputError {
  try {
    const value: unknown = JSON.parse(line);
    return messageSchemaFor(value).parse(value);
  } catch (cause) {
    return new ServerOutputError(`a line on stdout is not a JSON-RPC message: ${JSON.stringify(line.slice(0, 120))}`, {
      cause,
    });
  }
}

function letGo(pipe: Readable | Writable): void {
  pipe.removeAllListeners();
  // A destroyed pipe may still report an error of the write it had in flight.
  pipe.on("error", () => undefined);
  pipe.destroy();
}
