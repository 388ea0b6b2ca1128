import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A file with that text, gone when the test is over. */
export async function fileWith(content: string | object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "mcp-lifecycle-cli-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "mcp.json");
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}
