import { demoLifecycle, type DemoServer, type DemoServers, type DemoTool, type SkippedServer } from "./demo-server.js";
import { findReferenceServer, type ReferenceServer } from "./reference-servers.js";

const echo: DemoTool = { name: "echo", arguments: { message: "hello" } };

/** The official reference servers on stdio: plain, behind npx and behind a shell. */
export function npmServers(): DemoServers {
  const everything = findReferenceServer(everythingPackage);
  const filesystem = findReferenceServer(filesystemPackage);
  const found = [
    ...(everything === undefined ? [missing("everything", everythingPackage)] : everythingServers(everything)),
    ...(filesystem === undefined ? [missing("filesystem", filesystemPackage)] : [filesystemServer(filesystem)]),
  ];
  return {
    servers: found.filter((server) => "config" in server),
    skipped: found.filter((server) => "why" in server),
  };
}

/** The package that serves HTTP in the demo too. */
export const everythingPackage = "@modelcontextprotocol/server-everything";
const filesystemPackage = "@modelcontextprotocol/server-filesystem";

/** What to say where a package is missing. */
export function missing(name: string, packageName: string): SkippedServer {
  return { name, why: `not installed; npm install --save-dev ${packageName}` };
}

function everythingServers(everything: ReferenceServer): readonly (DemoServer | SkippedServer)[] {
  const { program } = everything;
  const config = { command: process.execPath, args: [program], lifecycle: demoLifecycle };
  const plain = { name: "everything", note: "the reference server, started as it is", config, tool: echo };
  return [plain, behindNpx(plain, everything), behindShell(plain, program)];
}

function behindNpx(plain: DemoServer, { npxFolder, command }: ReferenceServer): DemoServer | SkippedServer {
  const name = "everything-npx";
  if (npxFolder === undefined) return { name, why: `no ${command} in node_modules/.bin` };
  const config = { command: "npx", args: ["--no-install", command], cwd: npxFolder, lifecycle: demoLifecycle };
  return { ...plain, name, note: "the same behind npx: three processes", config };
}

function behindShell(plain: DemoServer, program: string): DemoServer | SkippedServer {
  const name = "everything-sh";
  if (process.platform === "win32") return { name, why: "there is no sh on Windows" };
  // The `true` keeps the shell from replacing itself by the server.
  const args = ["-c", '"$0" "$@"; true', process.execPath, program];
  return { ...plain, name, note: "the same behind sh -c", config: { command: "sh", args, lifecycle: demoLifecycle } };
}

function filesystemServer({ program }: ReferenceServer): DemoServer {
  return {
    name: "filesystem",
    note: "the reference server for files, told of this folder only",
    config: { command: process.execPath, args: [program, process.cwd()], lifecycle: demoLifecycle },
    tool: { name: "list_allowed_directories", arguments: {} },
  };
}
