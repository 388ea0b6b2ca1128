import { type Clock, systemClock } from "../../../src/ports/index.js";
import { scriptedServer, text } from "./scripted-server.js";
import { startGateway } from "./test-gateway.js";

/** A server whose tools answer at once, say something first, ask and wait, or hang until they are let go. */
function tools() {
  const held: (() => void)[] = [];
  const server = scriptedServer({
    "tools/call": async ({ name, _meta }, self, signal) => {
      const { progressToken = 0 } = (_meta ?? {}) as { progressToken?: number };
      if (name === "tell" || name === "tellAndHang") {
        await self.notification({ method: "notifications/progress", params: { progressToken, progress: 1 } });
      }
      if (name === "hang" || name === "tellAndHang") {
        await new Promise<void>((resolve) => {
          held.push(resolve);
          signal.addEventListener("abort", () => resolve(), { once: true });
        });
      }
      return text(String(name));
    },
  });
  return { config: server.config, held, release: () => held.splice(0).forEach((resolve) => resolve()) };
}

const answering = { "Content-Type": "application/json", Accept: "application/json, text/event-stream" };
export const call = (id: number, name: string) => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name: `tools__${name}`, _meta: { progressToken: id } },
});

/** A session of a client that sends what a test says, and shows what it is answered as it is. */
export async function startRaw({ clock, revision = "2025-11-25" }: { clock?: Clock; revision?: string } = {}) {
  const { config, held, release } = tools();
  const host = await startGateway({ servers: { tools: config }, clock });
  const send = (body: unknown, headers: Record<string, string>, signal?: AbortSignal) =>
    host.request("/mcp", {
      method: "POST",
      headers: { ...answering, ...headers },
      body: JSON.stringify(body),
      ...(signal !== undefined && { signal }),
    });
  const clientInfo = { name: "raw", version: "1.0.0" };
  const params = { protocolVersion: revision, capabilities: {}, clientInfo };
  const opened = await send({ jsonrpc: "2.0", id: 0, method: "initialize", params }, {});
  const id = opened.headers.get("mcp-session-id") ?? "";
  await opened.text();
  return {
    host,
    held,
    release,
    /** Standing streams that the gateway sees. */
    streams: () => host.gateway.overview().sessions[0]?.client?.streams,
    post: (body: unknown, headers: Record<string, string> = {}, signal?: AbortSignal) =>
      send(body, { "Mcp-Session-Id": id, ...headers }, signal),
    listen: (headers: Record<string, string> = {}, signal?: AbortSignal) =>
      host.request("/mcp", {
        headers: { Accept: "text/event-stream", "Mcp-Session-Id": id, ...headers },
        ...(signal !== undefined && { signal }),
      }),
    [Symbol.asyncDispose]: async () => {
      release();
      await host[Symbol.asyncDispose]();
    },
  };
}

/** Where everything is soon, however busy the machine is. */
export const patientClock: Clock = {
  ...systemClock,
  setTimeout: (callback, delayMs) => systemClock.setTimeout(callback, delayMs * 100),
};

export const typeOf = (response: Response) => response.headers.get("content-type");

/** The messages on a stream that comes to its end. */
export const eventsOf = async (response: Response) =>
  [...(await response.text()).matchAll(/^data: (.+)$/gm)].map(([, data = ""]) => JSON.parse(data) as unknown);
