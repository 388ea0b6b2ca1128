/** A stdio server in one line of `node -e`: `onList` and `onCall` are expressions of JavaScript that give the result. */
export function inlineServer({ onList = "{ tools: [] }", onCall = "{ content: [] }" }): {
  command: string;
  args: string[];
} {
  const script = `
    const lines = require("node:readline").createInterface({ input: process.stdin });
    lines.on("line", (line) => {
      const { id, method, params } = JSON.parse(line);
      if (id === undefined) return;
      const initialized = { protocolVersion: "2025-11-25", capabilities: { tools: {} }, serverInfo: { name: "inline", version: "1" } };
      const result = method === "initialize" ? initialized : method === "tools/list" ? ${onList} : ${onCall};
      console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
    });
    process.title = "inline-mcp-server";
    setTimeout(() => process.exit(99), 60000).unref();`;
  return { command: process.execPath, args: ["-e", script] };
}
