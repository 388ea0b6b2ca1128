import { createServer } from "node:http";
import { once } from "node:events";

/** Answers of this kind end a turn; the tools' answers are in it, so that two runs can be compared. */
const said = (results) => `The tools said: ${results.join(", ")}`;

/**
 * A stand-in for a model behind an OpenAI-compatible interface, on loopback. For each message of a user it asks once for every tool called
 * `echo` that it is offered, and then says what they answered. It stops by itself with `close()`.
 */
export async function startModel() {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => stream(response, answerTo(JSON.parse(body || "{}"))));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { baseUrl: `http://127.0.0.1:${server.address().port}/v1`, close };
}

function answerTo({ messages = [], tools = [] }) {
  // Since 2026.9 the message of a user is not the last of theirs: OpenClaw's own context comes as one too, behind the tools' answers.
  const last = messages.findLastIndex(({ role }) => role === "assistant");
  const results = messages.slice(last + 1).filter(({ role }) => role === "tool");
  const echoes = tools.map((tool) => tool.function?.name ?? "").filter((name) => name.endsWith("__echo"));
  if (results.length > 0) return { content: said(results.map(({ content }) => textOf(content)).toSorted(byText)) };
  if (echoes.length === 0) return { content: "no-tool-to-call" };
  return { tool_calls: echoes.toSorted(byText).map((name, index) => callOf(name, index)) };
}

const byText = (a, b) => a.localeCompare(b);

function callOf(name, index) {
  const message = name.replace(/__echo$/, "");
  const id = `call_${index}_${Math.random().toString(36).slice(2, 10)}`;
  return { index, id, type: "function", function: { name, arguments: JSON.stringify({ message }) } };
}

function textOf(content) {
  if (typeof content === "string") return content;
  return content.map(({ text = "" }) => text).join("");
}

function stream(response, delta) {
  const event = (choice) => ({
    id: "answer",
    object: "chat.completion.chunk",
    created: 0,
    model: "standin",
    ...choice,
  });
  const reason = delta.tool_calls === undefined ? "stop" : "tool_calls";
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const each of [
    event({ choices: [{ index: 0, delta: { role: "assistant", ...delta }, finish_reason: null }] }),
    event({ choices: [{ index: 0, delta: {}, finish_reason: reason }], usage }),
  ])
    response.write(`data: ${JSON.stringify(each)}\n\n`);
  response.end("data: [DONE]\n\n");
}
