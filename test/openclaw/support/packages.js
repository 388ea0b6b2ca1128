import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The version of the report, and the newest one that this was written for. */
export const versions = ["2026.4.9", "2026.9.6"];

/** Where the packages and what was measured are kept. */
export const cacheFolder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "mcp-lifecycle-openclaw");
const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Longest that npm may take for one of them: over a gigabyte each. */
const limitMs = 1_800_000;

/**
 * Installs a published version of OpenClaw, and the Node that it wants, into a cache outside of the repository, unless they are there; gives
 * what starts it. Both versions run on Node 24.
 */
export async function installOpenClaw(version) {
  const folder = join(cacheFolder, version);
  mkdirSync(folder, { recursive: true });
  const manifest = join(folder, "package.json");
  if (!existsSync(manifest)) writeFileSync(manifest, JSON.stringify({ private: true }));
  const nodeFolder = join(folder, "node_modules/node/bin");
  const node = join(nodeFolder, "node");
  if (!existsSync(node)) await npmInstall(["node@24"], { folder });
  // Its own install script asks which Node runs it.
  if (installedVersion(folder) !== version)
    await npmInstall([`openclaw@${version}`], { folder, path: [nodeFolder, process.env.PATH].join(delimiter) });
  return { version, node, path: nodeFolder, entry: join(folder, "node_modules/openclaw/openclaw.mjs") };
}

/**
 * Packs this package and has that OpenClaw install it, by the command that its users are told, unless the very same is installed already; gives
 * the folder of the plugin.
 */
export async function installPlugin({ version, node, path, entry }) {
  const folder = join(cacheFolder, "plugin", version);
  mkdirSync(folder, { recursive: true });
  const packed = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], { cwd: root });
  const [{ filename, name, shasum }] = JSON.parse(packed.stdout);
  const state = join(folder, "state");
  const installed = join(state, "extensions", name);
  const mark = join(folder, "installed");
  if (existsSync(mark) && readFileSync(mark, "utf8") === shasum) return installed;
  rmSync(mark, { force: true });
  rmSync(state, { recursive: true, force: true });
  mkdirSync(state);
  process.stdout.write(`${version}: installing the plugin into ${state} …\n`);
  const consent =
    version === "2026.4.9" ? ["--dangerously-force-unsafe-install"] : ["--force", "--accept-capabilities"];
  await run(node, [entry, "plugins", "install", join(folder, filename), ...consent], {
    cwd: folder,
    // npm goes on to be configured as it is for whoever runs this.
    env: {
      NPM_CONFIG_USERCONFIG: join(homedir(), ".npmrc"),
      ...process.env,
      PATH: [path, process.env.PATH].join(delimiter),
      HOME: folder,
      OPENCLAW_STATE_DIR: state,
    },
    timeout: limitMs,
    maxBuffer: 64 * 1024 * 1024,
  });
  writeFileSync(mark, shasum);
  return installed;
}

function installedVersion(folder) {
  const manifest = join(folder, "node_modules/openclaw/package.json");
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, "utf8")).version : undefined;
}

async function npmInstall(packages, { folder, path = process.env.PATH }) {
  process.stdout.write(`installing ${packages.join(", ")} into ${folder} …\n`);
  await run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", ...packages], {
    cwd: folder,
    env: { ...process.env, PATH: path },
    timeout: limitMs,
    maxBuffer: 64 * 1024 * 1024,
  });
}
