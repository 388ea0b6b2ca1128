import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { getDefaultEnvironment } from "@modelcontextprotocol/sdk/client/stdio.js";
import { endTree, startTree } from "../../processes/index.js";
import { demoLifecycle, type DemoServer } from "./demo-server.js";
import { freePort } from "./free-port.js";
import { markName } from "./ownership-mark.js";
import type { ReferenceServer } from "./reference-servers.js";

/** The reference server over HTTP: a tree that the demo itself starts and ends; sessions only connect to it. */
export interface HttpServer {
  readonly server: DemoServer;
  /** Ends the tree; resolves when it is proved gone or was given up. */
  close(): Promise<void>;
}

/** Starts it on a free loopback port and resolves once it listens. Rejects, with nothing left, if it does not within ten seconds. */
export async function startHttpServer(
  { program }: ReferenceServer,
  { mark, signal }: { mark: string; signal: AbortSignal },
): Promise<HttpServer> {
  const port = await freePort();
  const tree = await startTree({
    command: process.execPath,
    args: ["--import", new URL("./loopback-only.js", import.meta.url).href, program, "streamableHttp"],
    env: { ...getDefaultEnvironment(), PORT: String(port), [markName]: mark },
  });
  // Unread pipes would block it.
  for (const output of [tree.stdout, tree.stderr]) output.resume();
  const killAtExit = () => tree.host.killSync(tree.ref);
  process.once("exit", killAtExit);
  const close = async () => {
    // It serves on when its input ends.
    await endTree(tree, { inputEndedMs: 0 });
    process.removeListener("exit", killAtExit);
  };
  try {
    await untilListening(port, AbortSignal.any([signal, AbortSignal.timeout(10_000)]));
  } catch (error) {
    await close();
    throw error;
  }
  const tool = { name: "echo", arguments: { message: "hello" } };
  const config = { url: `http://127.0.0.1:${port}/mcp`, lifecycle: demoLifecycle };
  return { server: { name: "everything-http", note: "the same over Streamable HTTP", config, tool }, close };
}

/** Not by a request: its socket would be kept for the next one, which might find that the server has closed it. */
async function untilListening(port: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    try {
      await once(socket, "connect", { signal });
      return;
    } catch {
      signal.throwIfAborted();
      await sleep(50, undefined, { signal });
    } finally {
      socket.destroy();
    }
  }
}
