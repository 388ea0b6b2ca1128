import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** An installed reference server. */
export interface ReferenceServer {
  /** Its program, for `node`. */
  readonly program: string;
  /** Folder whose node_modules/.bin has its command, if there is one: where `npx --no-install` finds it. */
  readonly npxFolder: string | undefined;
  /** Its command in node_modules/.bin. */
  readonly command: string;
}

/** Finds a package that the demo does not depend on: in the project it is run in, or next to this package. */
export function findReferenceServer(packageName: string): ReferenceServer | undefined {
  const manifest = [join(process.cwd(), "package.json"), import.meta.url].map((from) =>
    resolveManifest(from, packageName),
  );
  const path = manifest.find((candidate) => candidate !== undefined);
  if (path === undefined) return undefined;
  const { bin } = JSON.parse(readFileSync(path, "utf8")) as { bin?: Record<string, string> };
  const [command, program] = Object.entries(bin ?? {})[0] ?? [];
  if (command === undefined || program === undefined) return undefined;
  return { command, program: join(dirname(path), program), npxFolder: npxFolder(path, packageName, command) };
}

function resolveManifest(from: string, packageName: string): string | undefined {
  try {
    return createRequire(from).resolve(`${packageName}/package.json`);
  } catch {
    return undefined;
  }
}

function npxFolder(manifest: string, packageName: string, command: string): string | undefined {
  const modules = manifest.slice(0, -`/${packageName}/package.json`.length);
  return existsSync(join(modules, ".bin", command)) ? dirname(modules) : undefined;
}
