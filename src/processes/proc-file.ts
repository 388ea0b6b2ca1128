import { closeSync, openSync, readSync } from "node:fs";
import { ProcessTableError } from "./process-table.js";

/** The text of a file in `/proc`, or why there is none. */
export type ProcText = { readonly text: string } | { readonly missing: "gone" | "unreadable" };

/** Reads the first 64 KiB of a file: a look reads hundreds, and this takes half the time of `readFileSync`. */
export function readShortProcFile(path: string): ProcText {
  return readWith(path, readSome);
}

/** Reads a file of any length. Latin 1, because an environment need not be UTF-8. */
export function readProcFile(path: string): ProcText {
  return readWith(path, (file) => {
    let text = "";
    for (let more = readSome(file); more !== ""; more = readSome(file)) text += more;
    return text;
  });
}

// The longest that is read at once is `/proc/stat`, on a machine with hundreds of processors.
const buffer = Buffer.allocUnsafe(65_536);

function readSome(file: number): string {
  return buffer.toString("latin1", 0, readSync(file, buffer, 0, buffer.length, null));
}

// Only these two say that the process is gone (or has no memory any more). A lack of descriptors, say, must not look like that.
const gone = new Set(["ENOENT", "ESRCH"]);
const unreadable = new Set(["EACCES", "EPERM"]);

function readWith(path: string, read: (file: number) => string): ProcText {
  try {
    const file = openSync(path, "r");
    try {
      return { text: read(file) };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (gone.has(code)) return { missing: "gone" };
    if (unreadable.has(code)) return { missing: "unreadable" };
    throw new ProcessTableError(error);
  }
}
