import { once } from "node:events";
import { Agent, type IncomingMessage, request as httpRequest } from "node:http";

/** A client of nothing but HTTP: cheap enough for a thousand, and able to vanish. */
export interface RawClient {
  /** Opens a session, with a standing stream, and gives its secret. Rejects with what it was answered if that is no session. */
  open(): Promise<string>;
  /** The text of a tool's result. Rejects with the JSON-RPC error. */
  call(session: string, tool: string): Promise<string>;
  goodbye(session: string): Promise<number>;
  /** Drops its connections, whatever is under way. */
  vanish(): void;
}

export function createRawClient(url: URL): RawClient {
  let agent = new Agent({ keepAlive: true });
  const send = async (method: string, { session, body }: { session?: string; body?: object }) => {
    const headers = {
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
      ...(session !== undefined && { "Mcp-Session-Id": session }),
    };
    const request = httpRequest(url, { agent, method, headers });
    request.end(body === undefined ? undefined : JSON.stringify({ jsonrpc: "2.0", ...body }));
    const [response] = (await once(request, "response")) as [IncomingMessage];
    let text = "";
    for await (const chunk of response.setEncoding("utf8") as AsyncIterable<string>) text += chunk;
    return { status: response.statusCode ?? 0, headers: response.headers, text };
  };
  /** What says to the gateway that this client is there, however slow it is. */
  const stand = (session: string) => {
    const headers = { Accept: "text/event-stream", "Mcp-Session-Id": session };
    const request = httpRequest(url, { agent, headers });
    request.on("error", () => undefined).on("response", (response) => response.on("error", () => undefined).resume());
    request.end();
  };
  return {
    open: async () => {
      const clientInfo = { name: "raw", version: "1.0.0" };
      const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
      const { status, headers, text } = await send("POST", { body: { id: 0, method: "initialize", params } });
      const session = headers["mcp-session-id"];
      if (typeof session !== "string") throw new Error(`initialize was answered with ${status}: ${text}`);
      stand(session);
      await send("POST", { session, body: { method: "notifications/initialized" } });
      return session;
    },
    call: async (session, tool) => {
      const { status, text } = await send("POST", {
        session,
        body: { id: 1, method: "tools/call", params: { name: tool } },
      });
      // One of both, as the gateway likes.
      const message = /^data: (.+)$/m.exec(text)?.[1] ?? text;
      const { result, error } = JSON.parse(message) as { result?: { content: [{ text: string }] }; error?: unknown };
      if (result === undefined)
        throw new Error(`${tool} was answered with ${status}: ${JSON.stringify(error) ?? text}`);
      return result.content[0].text;
    },
    goodbye: async (session) => (await send("DELETE", { session })).status,
    vanish: () => {
      agent.destroy();
      agent = new Agent({ keepAlive: true });
    },
  };
}
