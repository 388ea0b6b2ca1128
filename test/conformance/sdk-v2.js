import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** What a client of the SDK's second line sees. */
export async function findings({ tools, gateway }) {
  const from = createRequire(join(tools.folder, "package.json"));
  const { Client, StreamableHTTPClientTransport } = await import(
    pathToFileURL(from.resolve("@modelcontextprotocol/client")).href
  );
  const rows = [];
  const check = async (what, work) => {
    try {
      rows.push({ what, outcome: "passed", detail: await work() });
    } catch (error) {
      rows.push({ what, outcome: "failed", detail: String(error).slice(0, 200).replaceAll("\n", " ") });
    }
  };
  const client = new Client({ name: "sdk-v2", version: "1.0.0" }, { capabilities: { sampling: {}, elicitation: {} } });
  const reply = { role: "assistant", model: "m", content: { type: "text", text: "sampled" } };
  client.setRequestHandler("sampling/createMessage", () => reply);
  const transport = new StreamableHTTPClientTransport(new URL(gateway.url));
  const own = async () => (await gateway.overview()).sessions.find(({ client: who }) => who?.name === "sdk-v2");

  await check("connect", async () => {
    await client.connect(transport);
    return `revision ${client.getNegotiatedProtocolVersion?.() ?? transport.protocolVersion ?? "unknown"}`;
  });
  await check("tools/list", async () => `${(await client.listTools()).tools.length} tools`);
  await check("tools/call with progress", async () => {
    const seen = [];
    const onprogress = ({ progress }) => seen.push(progress);
    await client.callTool({ name: "test_tool_with_progress", arguments: {} }, { onprogress });
    return expectation(seen.join() === "0,50,100", `progress ${seen.join(", ")}`);
  });
  await check("a question of the server", async () => {
    const { content } = await client.callTool({ name: "test_sampling", arguments: { prompt: "hi" } });
    return expectation(content[0].text === "LLM response: sampled", content[0].text);
  });
  await check("resources/read", async () => {
    const { contents } = await client.readResource({ uri: "test://template/7/data" });
    return expectation(contents[0].text.includes("Data for ID: 7"), contents[0].mimeType);
  });
  await check("DELETE ends the session", async () => {
    const session = await own();
    await transport.terminateSession();
    await client.close();
    const { ended } = await gateway.overview();
    const receipt = ended.find(({ key }) => key === session?.key);
    return expectation(receipt?.outcome === "closed", `${receipt?.reason} (${receipt?.cause}): ${receipt?.outcome}`);
  });
  return {
    title: `The SDK's second line: @modelcontextprotocol/client ${tools.versions["@modelcontextprotocol/client"]}`,
    text: "Its first line, `@modelcontextprotocol/sdk`, is the client of `npm test`.",
    rows,
  };
}

function expectation(isMet, detail) {
  if (!isMet) throw new Error(`not as expected: ${detail}`);
  return detail;
}
