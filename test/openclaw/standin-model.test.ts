import { expect, onTestFinished, test } from "vitest";
import { startModel } from "./support/model.js";

const user = { role: "user", content: "hello" };
const asked = { role: "assistant", tool_calls: [{ id: "call_0", type: "function", function: { name: "deaf__echo" } }] };
const answered = { role: "tool", tool_call_id: "call_0", content: "deaf" };
const said = { role: "assistant", content: "The tools said: deaf" };
/** What 2026.9.6 puts behind the answers of a turn's tools, in each request of that turn: its own context, as a message of the user. */
const context = { role: "user", content: [{ type: "text", text: "<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>" }] };

test.each([
  { version: "2026.4.9", messages: [user, asked, answered] },
  { version: "2026.9.6", messages: [user, asked, answered, context] },
])("the model that stands in should end a turn with what the tools said, as $version asks it", async ({ messages }) => {
  expect(await answerTo(messages)).toEqual({ role: "assistant", content: "The tools said: deaf" });
});

test.each([
  { version: "2026.4.9", messages: [user, asked, answered, said, user] },
  { version: "2026.9.6", messages: [user, asked, answered, said, user, context] },
])(
  "the model that stands in should call the tools again in the next turn, as $version asks it",
  async ({ messages }) => {
    expect(await answerTo(messages)).toMatchObject({ tool_calls: [{ function: { name: "deaf__echo" } }] });
  },
);

async function answerTo(messages: readonly object[]): Promise<unknown> {
  const model = await startModel();
  onTestFinished(model.close);
  const tools = [{ type: "function", function: { name: "deaf__echo" } }];
  const response = await fetch(`${model.baseUrl}/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ messages, tools }),
  });
  const [first = ""] = (await response.text()).split("\n\n");
  const event = JSON.parse(first.replace("data: ", "")) as { choices: readonly { delta: unknown }[] };
  return event.choices[0]?.delta;
}
