import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Ledgers of the tests go where they can be removed, and not into the home of whoever runs them. */
export default function setup(): () => void {
  const directory = mkdtempSync(join(tmpdir(), "mcp-state-"));
  process.env["XDG_STATE_HOME"] = directory;
  // A guardian may be about to remove its gateway's last record.
  return () => rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
}
