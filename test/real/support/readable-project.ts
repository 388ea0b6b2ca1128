import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A folder from which another user can run gateways and servers. */
export interface ReadableProject extends Disposable {
  readonly root: string;
  /** The program of hostile servers there. */
  readonly hostileServerPath: string;
}

const projectRoot = fileURLToPath(new URL("../../../", import.meta.url));
/** Programs of development, which no gateway needs and which are most of the weight. */
const isDevelopmentOnly =
  /node_modules\/(@?typescript|@?oxlint[^/]*|@rolldown|@arethetypeswrong|prettier|vite|vitest|@vitest|fast-check|lightningcss[^/]*|publint|\.vite[^/]*)(\/|$)/;

/** The project itself if that user can read it, or a copy of what is needed: a checkout in the home of root is nobody's to read. */
export function readableProject(user: number): ReadableProject {
  if (canRun(user, projectRoot)) return describe(projectRoot, () => undefined);
  const root = mkdtempSync(join(tmpdir(), "mcp-readable-"));
  chmodSync(root, 0o755);
  for (const path of ["package.json", "dist", "test/real/hosts", "node_modules"]) {
    cpSync(join(projectRoot, path), join(root, path), {
      recursive: true,
      filter: (source) => !isDevelopmentOnly.test(source),
    });
  }
  return describe(root, () => rmSync(root, { recursive: true }));
}

/** Whether that user can run node at all; where it lies in root's home he cannot, and nothing can be shown. */
export function canRunNode(user: number): boolean {
  return spawnSync(process.execPath, ["--version"], { cwd: "/", uid: user, gid: user }).status === 0;
}

function canRun(user: number, root: string): boolean {
  const load = `await import(${JSON.stringify(join(root, "dist/index.js"))})`;
  const options = { cwd: "/", uid: user, gid: user };
  return spawnSync(process.execPath, ["--input-type=module", "-e", load], options).status === 0;
}

function describe(root: string, dispose: () => void): ReadableProject {
  return {
    root,
    hostileServerPath: join(root, "dist/testing/hostile/server.js"),
    [Symbol.dispose]: dispose,
  };
}
