import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCookie } from "../../src/processes/index.js";
import { pidScope } from "../../src/recovery/gateway-identity.js";
import { entryFileName, type TreeEntry } from "../../src/recovery/tree-entry.js";

/** A folder for ledgers, removed with everything in it. */
export interface LedgerFiles extends Disposable {
  readonly directory: string;
  /** Of one gateway. */
  readonly folder: string;
  /** Writes a record, or anything else, and gives its path. */
  write(name: string, content: string | Uint8Array): string;
  file(entry: TreeEntry): string;
}

export function ledgerFiles(): LedgerFiles {
  const directory = mkdtempSync(join(tmpdir(), "ledger-"));
  const folder = join(directory, "1-0");
  mkdirSync(folder, { mode: 0o700 });
  const write = (name: string, content: string | Uint8Array) => {
    const path = join(folder, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  return {
    directory,
    folder,
    write,
    file: (entry) => write(entryFileName(entry), JSON.stringify(entry)),
    [Symbol.dispose]: () => rmSync(directory, { recursive: true }),
  };
}

/** A pid that nobody has: beyond what Linux gives out. */
export const deadGateway = 2 ** 30;

/** A record of a tree whose gateway is dead. */
export function entryOf(fields: Partial<TreeEntry> = {}): TreeEntry {
  const owner = { pid: deadGateway, startTime: "100", ...pidScope() };
  return { version: 1, owner, connectionId: "c1", server: "files", cookie: createCookie(), ...fields };
}
