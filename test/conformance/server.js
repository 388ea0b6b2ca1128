/**
 * The server that the official conformance suite expects behind the gateway: its tools, resources and prompts have the names and answers
 * that the suite asks for. It is a server as any other on stdio; what the suite checks of HTTP is the gateway's.
 */
import { setTimeout as pause } from "node:timers/promises";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { ResultSchema } from "@modelcontextprotocol/sdk/types.js";

const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
const wav = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=";
const text = (value) => ({ type: "text", text: value });
const image = { type: "image", data: png, mimeType: "image/png" };
const embedded = (uri, mimeType, value) => ({ type: "resource", resource: { uri, mimeType, text: value } });
const choice = (value, title) => ({ const: value, title });
const options = ["option1", "option2", "option3"];

const person = {
  type: "object",
  properties: {
    username: { type: "string", description: "User's response" },
    email: { type: "string", description: "User's email address" },
  },
  required: ["username", "email"],
};
const defaults = {
  type: "object",
  properties: {
    name: { type: "string", default: "John Doe" },
    age: { type: "integer", default: 30 },
    score: { type: "number", default: 95.5 },
    status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
    verified: { type: "boolean", default: true },
  },
};
const enums = {
  type: "object",
  properties: {
    untitledSingle: { type: "string", enum: options },
    titledSingle: { type: "string", oneOf: [choice("value1", "First Option"), choice("value2", "Second Option")] },
    legacyEnum: { type: "string", enum: ["opt1", "opt2"], enumNames: ["Option One", "Option Two"] },
    untitledMulti: { type: "array", items: { type: "string", enum: options } },
    titledMulti: {
      type: "array",
      items: { anyOf: [choice("value1", "First Choice"), choice("value2", "Second Choice")] },
    },
  },
};

const elicit = async (params, say) => {
  const { action, content } = await server.request({ method: "elicitation/create", params }, ResultSchema);
  return [text(`${say}: action=${String(action)}, content=${JSON.stringify(content)}`)];
};
const completed = "Elicitation completed";

const tools = {
  test_simple_text: () => [text("This is a simple text response for testing.")],
  test_image_content: () => [image],
  test_audio_content: () => [{ type: "audio", data: wav, mimeType: "audio/wav" }],
  test_embedded_resource: () => [
    embedded("test://embedded-resource", "text/plain", "This is an embedded resource content."),
  ],
  test_multiple_content_types: () => [
    text("Multiple content types test:"),
    image,
    embedded("test://mixed-content-resource", "application/json", '{"test":"data","value":123}'),
  ],
  async test_tool_with_logging() {
    for (const data of ["Tool execution started", "Tool processing data", "Tool execution completed"]) {
      await server.notification({ method: "notifications/message", params: { level: "info", data } });
      await pause(50);
    }
    return [text("logged")];
  },
  async test_tool_with_progress(_args, { progressToken }) {
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined)
        await server.notification({
          method: "notifications/progress",
          params: { progressToken, progress, total: 100 },
        });
      await pause(50);
    }
    return [text("done")];
  },
  test_error_handling: () => {
    throw new Error("This tool intentionally returns an error for testing");
  },
  async test_sampling({ prompt }) {
    const messages = [{ role: "user", content: text(prompt) }];
    const { content } = await server.request(
      { method: "sampling/createMessage", params: { messages, maxTokens: 100 } },
      ResultSchema,
    );
    return [text(`LLM response: ${content.text}`)];
  },
  test_elicitation: ({ message }) => elicit({ message, requestedSchema: person }, "User response"),
  test_elicitation_sep1034_defaults: () => elicit({ message: "Defaults", requestedSchema: defaults }, completed),
  test_elicitation_sep1330_enums: () => elicit({ message: "Choose", requestedSchema: enums }, completed),
  json_schema_2020_12_tool: () => [text("ok")],
  /** The suite means it to close the stream of its call; a server behind a gateway has none. It takes its time, so that there is one. */
  test_reconnection: async () => {
    await pause(200);
    return [text("Reconnection test completed")];
  },
};
const object = { type: "object" };
const schemas = {
  test_sampling: { type: "object", properties: { prompt: { type: "string" } }, required: ["prompt"] },
  test_elicitation: { type: "object", properties: { message: { type: "string" } }, required: ["message"] },
  json_schema_2020_12_tool: {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    $defs: { address: { type: "object", properties: { street: { type: "string" }, city: { type: "string" } } } },
    properties: { name: { type: "string" }, address: { $ref: "#/$defs/address" } },
    additionalProperties: false,
  },
};

const resources = {
  "test://static-text": { mimeType: "text/plain", text: "This is the content of the static text resource." },
  "test://static-binary": { mimeType: "image/png", blob: png },
  "test://watched-resource": { mimeType: "text/plain", text: "watched" },
};
const template = /^test:\/\/template\/(.*)\/data$/;

const say = (...content) => ({ messages: content.map((one) => ({ role: "user", content: one })) });
const prompts = {
  test_simple_prompt: () => say(text("This is a simple prompt for testing.")),
  test_prompt_with_arguments: ({ arg1, arg2 }) => say(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)),
  test_prompt_with_embedded_resource: ({ resourceUri }) =>
    say(
      embedded(resourceUri, "text/plain", "Embedded resource content for testing."),
      text("Please process the embedded resource above."),
    ),
  test_prompt_with_image: () => say(image, text("Please analyze the image above.")),
};
const promptArguments = {
  test_prompt_with_arguments: ["arg1", "arg2"],
  test_prompt_with_embedded_resource: ["resourceUri"],
};

async function callTool({ name, arguments: args = {}, _meta: meta = {} }) {
  try {
    return { content: await tools[name](args, meta) };
  } catch (error) {
    return { isError: true, content: [text(error.message)] };
  }
}

function read({ uri }) {
  const [, id] = template.exec(uri) ?? [];
  if (id === undefined) return { contents: [{ uri, ...resources[uri] }] };
  const data = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` });
  return { contents: [{ uri, mimeType: "application/json", text: data }] };
}

const methods = {
  "tools/list": () => ({
    tools: Object.keys(tools).map((name) => ({ name, description: name, inputSchema: schemas[name] ?? object })),
  }),
  "tools/call": callTool,
  "resources/list": () => ({ resources: Object.keys(resources).map((uri) => ({ uri, name: uri, description: uri })) }),
  "resources/templates/list": () => ({
    resourceTemplates: [{ uriTemplate: "test://template/{id}/data", name: "template", description: "by id" }],
  }),
  "resources/read": read,
  "resources/subscribe": () => ({}),
  "resources/unsubscribe": () => ({}),
  "prompts/list": () => ({
    prompts: Object.keys(prompts).map((name) => ({
      name,
      description: name,
      arguments: (promptArguments[name] ?? []).map((one) => ({ name: one, description: one, required: true })),
    })),
  }),
  "prompts/get": ({ name, arguments: args = {} }) => prompts[name](args),
  "completion/complete": ({ argument }) => ({
    completion: { values: [`${argument.value}ing`], total: 1, hasMore: false },
  }),
  "logging/setLevel": () => ({}),
};

const capabilities = { tools: {}, resources: { subscribe: true }, prompts: {}, completions: {}, logging: {} };
const server = new Server({ name: "conformance", version: "1.0.0" }, { capabilities });
server.removeRequestHandler("logging/setLevel");
server.fallbackRequestHandler = ({ method, params = {} }) => methods[method](params);
await server.connect(new StdioServerTransport());
process.stdin.once("end", () => process.exit(0));
