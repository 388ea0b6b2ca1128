import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { getDefaultEnvironment } from "@modelcontextprotocol/sdk/client/stdio.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { hostileServer } from "mcp-lifecycle/testing";
import { z } from "zod";

/** Exits when its input ends. */
export const cooperative = () => hostileServer("well-behaved");

/** Ends on SIGKILL only. */
export const stubborn = () => hostileServer("ignores-everything");

/** A client of the SDK as it is, with nothing of ours. */
export const plainClient = () => new Client({ name: "bench", version: "1.0.0" });

/** A server in this process with one tool, as a configuration. */
export const inMemory = () => ({ type: "in-memory", createServer: memoryServer });

/** A server in this process with one tool. */
export function memoryServer() {
  const server = new McpServer({ name: "memory", version: "1.0.0" });
  server.registerTool("echo", { inputSchema: { message: z.string() } }, ({ message }) => ({
    content: [{ type: "text", text: message }],
  }));
  return server;
}

/** The call that every contender makes. */
export const echo = { name: "echo", arguments: { message: "hi" } };

/**
 * Starts a server with neither this library's transport nor the SDK's, and initializes it. In the same environment, and in a session of
 * its own as ours are: the kernel shares processors out by session (autogroup).
 */
export async function startByHand({ command, args, env }) {
  const options = { env: { ...getDefaultEnvironment(), ...env }, stdio: ["pipe", "pipe", "inherit"], detached: true };
  const child = spawn(command, args, options);
  const send = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const clientInfo = { name: "bench", version: "1.0.0" };
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
  send({ id: 0, method: "initialize", params });
  await once(createInterface({ input: child.stdout }), "line");
  send({ method: "notifications/initialized" });
  return child;
}

/** Closes its input and waits for its exit. */
export async function endByHand(child) {
  const exited = once(child, "exit");
  child.stdin.end();
  await exited;
}
