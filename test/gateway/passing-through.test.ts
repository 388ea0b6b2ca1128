import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  ResultSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { describe, expect, it } from "vitest";
import { until } from "../real/support/until.js";
import { scriptedServer, text, tool } from "./support/scripted-server.js";
import { startGateway } from "./support/test-gateway.js";

const calculator = () =>
  scriptedServer({
    "tools/list": () => ({ tools: [tool("add")] }),
    "tools/call": () => text("3"),
  });

describe("a gateway in front of two servers", () => {
  it("should list the tools of both under their servers' names, with every field they have", async () => {
    const odd = scriptedServer({
      "tools/list": () => ({ tools: [{ ...tool("go"), title: "Go", "x-colour": "red" }] }),
    });
    await using host = await startGateway({ servers: { "my maths": calculator().config, odd: odd.config } });
    const { client } = await host.connect();

    const { tools } = await client.request({ method: "tools/list" }, ResultSchema);

    expect(tools).toEqual([tool("my_maths__add"), { ...tool("odd__go"), title: "Go", "x-colour": "red" }]);
  });

  it("should pass a call on by the server's own name and its result back whole", async () => {
    const result = {
      content: [
        { type: "image", data: Buffer.from([0, 255, 7]).toString("base64"), mimeType: "image/png", "x-dpi": 300 },
        { type: "audio", data: "AAAA", mimeType: "audio/wav" },
      ],
      structuredContent: { sum: 3 },
      "x-cost": 7,
    };
    const maths = scriptedServer({ "tools/call": () => result });
    await using host = await startGateway({ servers: { maths: maths.config, other: calculator().config } });
    const { client } = await host.connect();

    const call = { name: "maths__add", arguments: { a: 1 }, "x-trace": "t" };
    const answered = await client.request({ method: "tools/call", params: call }, ResultSchema);

    expect(answered).toEqual(result);
    expect(maths.asked).toEqual([
      { method: "tools/list", params: {} },
      { method: "tools/call", params: { ...call, name: "add" } },
    ]);
  });

  it("should open no server before it is used, and only the one that is", async () => {
    const [used, unused] = [calculator(), calculator()];
    await using host = await startGateway({ servers: { used: used.config, unused: unused.config } });
    const { client } = await host.connect();
    expect(used.made).toHaveLength(0);

    await client.callTool({ name: "used__add" });

    expect([used.made.length, unused.made.length]).toEqual([1, 0]);
  });

  it("should page through both at once, each with its own cursor, and refuse a cursor that is none", async () => {
    const paged = (names: readonly string[]) =>
      scriptedServer({
        "tools/list": ({ cursor = "0" }) => {
          const at = Number(cursor);
          const more = at + 1 < names.length ? { nextCursor: String(at + 1) } : {};
          return { tools: names.slice(at, at + 1).map(tool), ...more };
        },
      }).config;
    await using host = await startGateway({ servers: { a: paged(["1", "2", "3"]), b: paged(["1"]) } });
    const { client } = await host.connect();

    const names: string[][] = [];
    for (let cursor: string | undefined = ""; cursor !== undefined;) {
      const { tools, nextCursor } = await client.listTools(cursor === "" ? {} : { cursor });
      names.push(tools.map(({ name }) => name));
      cursor = nextCursor;
    }

    expect(names).toEqual([["a__1", "b__1"], ["a__2"], ["a__3"]]);
    await expect(client.listTools({ cursor: "nonsense" })).rejects.toMatchObject({ code: -32602 });
  });

  it("should serve what the others have when one cannot be opened, and tell the client which", async () => {
    const broken = { command: process.execPath, args: ["-e", "process.exit(3)"] };
    await using host = await startGateway({ servers: { broken, maths: calculator().config } });
    const front = await host.connect();

    const { tools } = await front.client.listTools();

    expect(tools.map(({ name }) => name)).toEqual(["maths__add"]);
    const { params } = await front.told("notifications/message");
    expect(params).toMatchObject({ level: "error", logger: "mcp-lifecycle", data: { server: "broken" } });
    await expect(front.client.callTool({ name: "broken__x" })).rejects.toMatchObject({ data: { code: "OPEN_FAILED" } });
  });

  it("should pass names on unchanged with prefix: false, and say which two collide", async () => {
    const servers = {
      a: calculator().config,
      b: scriptedServer({ "tools/list": () => ({ tools: [tool("sub")] }) }).config,
    };
    await using host = await startGateway({ servers, prefix: false });
    const { client } = await host.connect();
    expect(await client.callTool({ name: "add" })).toEqual(text("3"));

    host.gateway.reload({ ...servers, b: calculator().config });

    const collision = {
      data: { code: "NAME_COLLISION" },
      message: expect.stringContaining('"a" and "b" both have "add"') as string,
    };
    await expect(client.listTools()).rejects.toMatchObject(collision);
  });

  it("should answer an unknown tool, prompt, resource and method with the protocol's errors", async () => {
    await using host = await startGateway({ servers: { maths: calculator().config, other: calculator().config } });
    const { client } = await host.connect();

    await expect(client.callTool({ name: "nobody__x" })).rejects.toMatchObject({ code: -32602 });
    await expect(client.getPrompt({ name: "nobody__x" })).rejects.toMatchObject({ code: -32602 });
    await expect(client.readResource({ uri: "no://such" })).rejects.toMatchObject({
      code: -32002,
      data: { uri: "no://such" },
    });
    await expect(client.request({ method: "no/such" }, ResultSchema)).rejects.toMatchObject({ code: -32601 });
  });

  it("should pass a server's own error on as it said it", async () => {
    const refusing = scriptedServer({
      "tools/call": () =>
        Promise.reject(Object.assign(new Error("not on Sundays"), { code: -31_007, data: { day: 7 } })),
    });
    await using host = await startGateway({ servers: { refusing: refusing.config } });
    const { client } = await host.connect();

    const refusal = client.callTool({ name: "refusing__x" });

    await expect(refusal).rejects.toMatchObject({
      code: -31_007,
      message: "MCP error -31007: not on Sundays",
      data: { day: 7 },
    });
  });
});

describe("resources behind a gateway", () => {
  const library = (scheme: string) =>
    scriptedServer({
      "resources/list": () => ({ resources: [{ uri: `${scheme}://index`, name: "index" }] }),
      "resources/templates/list": () => ({
        resourceTemplates: [{ uriTemplate: `${scheme}://book/{id}`, name: "book" }],
      }),
      "resources/read": ({ uri }) => ({ contents: [{ uri, blob: "AAEC", mimeType: `of/${scheme}` }] }),
      "tools/call": () => ({ content: [{ type: "resource_link", uri: "shared://found", name: "found" }] }),
      "completion/complete": ({ ref }) => ({ completion: { values: [JSON.stringify(ref)] } }),
    });

  it.each([
    ["one that is listed", "b://index", "of/b"],
    ["one that a template matches", "a://book/7", "of/a"],
    ["one of a scheme that one server alone uses", "b://else/where", "of/b"],
  ])("should read %s from the server that has it", async (_what, uri, mimeType) => {
    await using host = await startGateway({ servers: { a: library("a").config, b: library("b").config } });
    const { client } = await host.connect();

    const { contents } = await client.readResource({ uri });

    expect(contents).toEqual([{ uri, blob: "AAEC", mimeType }]);
  });

  it("should read what only a tool's result linked to", async () => {
    await using host = await startGateway({ servers: { a: library("a").config, b: library("b").config } });
    const { client } = await host.connect();
    await client.callTool({ name: "b__find" });

    const { contents } = await client.readResource({ uri: "shared://found" });

    expect(contents).toMatchObject([{ mimeType: "of/b" }]);
  });

  it("should subscribe at the owner, pass updates on, and subscribe again after a reset", async () => {
    const [a, b] = [library("a"), library("b")];
    await using host = await startGateway({ servers: { a: a.config, b: b.config } });
    const front = await host.connect();
    await front.client.subscribeResource({ uri: "b://index" });
    await b.made.at(-1)?.sendResourceUpdated({ uri: "b://index" });
    expect(await front.told("notifications/resources/updated")).toMatchObject({ params: { uri: "b://index" } });

    await host.request(`/sessions/${host.onlyKey()}/reset`, { method: "POST" });
    await front.client.callTool({ name: "b__find" });

    expect(b.made).toHaveLength(2);
    const subscriptions = b.asked.filter(({ method }) => method === "resources/subscribe");
    expect(subscriptions).toEqual(
      Array.from({ length: 2 }, () => ({ method: "resources/subscribe", params: { uri: "b://index" } })),
    );
    expect(a.asked.some(({ method }) => method === "resources/subscribe")).toBe(false);
  });

  it("should complete at the owner of the prompt or the template", async () => {
    await using host = await startGateway({ servers: { a: library("a").config, b: library("b").config } });
    const { client } = await host.connect();
    const complete = async (ref: Parameters<typeof client.complete>[0]["ref"]) =>
      (await client.complete({ ref, argument: { name: "id", value: "1" } })).completion.values;

    expect(await complete({ type: "ref/prompt", name: "b__ask" })).toEqual(['{"type":"ref/prompt","name":"ask"}']);
    expect(await complete({ type: "ref/resource", uri: "a://book/{id}" })).toEqual([
      '{"type":"ref/resource","uri":"a://book/{id}"}',
    ]);
  });
});

describe("what goes on during a call", () => {
  it("should reach the client: progress with its own token, logging, and everything a server asks", async () => {
    const asking = scriptedServer({
      "tools/call": async ({ _meta: meta }, server) => {
        const { progressToken } = meta as { progressToken: string };
        await server.notification({
          method: "notifications/progress",
          params: { progressToken, progress: 1, total: 2 },
        });
        await server.sendLoggingMessage({ level: "info", data: "half way" });
        const { roots } = await server.listRoots();
        const { content } = await server.createMessage({ messages: [], maxTokens: 1 });
        const { action } = await server.elicitInput({
          message: "Sure?",
          requestedSchema: { type: "object", properties: {} },
        });
        return { ...text("done"), structuredContent: { roots, content, action } };
      },
    });
    await using host = await startGateway({ servers: { asking: asking.config } });
    const roots = [{ uri: "file:///here", name: "here" }];
    const content = { type: "text" as const, text: "sampled" };
    const { client, told } = await host.connect({
      capabilities: { roots: {}, sampling: {}, elicitation: {} },
      prepare: (one) => {
        one.setRequestHandler(ListRootsRequestSchema, () => ({ roots }));
        one.setRequestHandler(CreateMessageRequestSchema, () => ({ role: "assistant", model: "m", content }));
        one.setRequestHandler(ElicitRequestSchema, () => ({ action: "decline" }));
      },
    });
    const progress: unknown[] = [];

    const result = await client.callTool({ name: "asking__x" }, undefined, { onprogress: (one) => progress.push(one) });

    expect(result["structuredContent"]).toEqual({ roots, content, action: "decline" });
    expect(progress).toEqual([{ progress: 1, total: 2 }]);
    expect(await told("notifications/message")).toMatchObject({
      params: { level: "info", data: "half way", logger: "asking" },
    });
  });

  it("should reach that client only", async () => {
    const asking = scriptedServer({
      "tools/call": async (_params, server) => text(JSON.stringify(await server.listRoots())),
    });
    await using host = await startGateway({ servers: { asking: asking.config } });
    const connect = (name: string) =>
      host.connect({
        capabilities: { roots: {} },
        prepare: (one) =>
          one.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: `file:///${name}` }] })),
      });
    const fronts = await Promise.all(["one", "two", "three"].map(connect));

    const answers = await Promise.all(fronts.map(({ client }) => client.callTool({ name: "asking__x" })));

    const roots = answers.map(({ content }) => JSON.stringify(content).replaceAll("\\", ""));
    expect(roots).toEqual(["one", "two", "three"].map((name) => expect.stringContaining(`file:///${name}"`) as string));
  });

  it("should refuse what the client does not answer", async () => {
    const asking = scriptedServer({
      "tools/call": async (_params, server) =>
        text(
          await server.listRoots().then(
            () => "?",
            (error: Error) => error.message,
          ),
        ),
    });
    await using host = await startGateway({ servers: { asking: asking.config } });
    const { client } = await host.connect();

    const { content } = await client.callTool({ name: "asking__x" });

    expect(content).toMatchObject([{ text: expect.stringContaining("does not answer roots/list") as string }]);
  });

  it("should be cancelled at the server when the client cancels, and at the client when the server does", async () => {
    let serverSaw: AbortSignal | undefined;
    let clientSaw: AbortSignal | undefined;
    const slow = scriptedServer({
      "tools/call": async ({ name }, server, signal) => {
        serverSaw = signal;
        if (name === "hang") await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
        const limit = AbortSignal.timeout(50);
        await server.createMessage({ messages: [], maxTokens: 1 }, { signal: limit }).catch(() => undefined);
        return text("done");
      },
    });
    await using host = await startGateway({ servers: { slow: slow.config } });
    const { client } = await host.connect({
      capabilities: { sampling: {} },
      prepare: (one) =>
        one.setRequestHandler(CreateMessageRequestSchema, async (_request, { signal }) => {
          clientSaw = signal;
          await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
          return { role: "assistant", model: "m", content: { type: "text", text: "too late" } };
        }),
    });

    const cancel = new AbortController();
    const hanging = client.callTool({ name: "slow__hang" }, undefined, { signal: cancel.signal });
    await until(() => serverSaw !== undefined, "the server was never asked");
    cancel.abort("changed my mind");
    await expect(hanging).rejects.toThrow("changed my mind");
    await until(() => serverSaw?.aborted === true, "the server was not told that its call was cancelled");

    await client.callTool({ name: "slow__ask" });
    await until(() => clientSaw?.aborted === true, "the client was not told that the question was withdrawn");
  });

  it("should set the log level at servers that are open, and at those that open later", async () => {
    const [early, late] = [calculator(), calculator()];
    await using host = await startGateway({ servers: { early: early.config, late: late.config } });
    const { client } = await host.connect();
    await client.callTool({ name: "early__add" });

    await client.setLoggingLevel("warning");
    await client.callTool({ name: "late__add" });

    const levels = [early, late].map(({ asked }) => asked.find(({ method }) => method === "logging/setLevel")?.params);
    expect(levels).toEqual([{ level: "warning" }, { level: "warning" }]);
    await expect(
      client.request({ method: "logging/setLevel", params: { level: "loud" } }, ResultSchema),
    ).rejects.toMatchObject({ code: -32602 });
  });

  it("should tell the client that lists changed, and the servers that roots did", async () => {
    const maths = calculator();
    await using host = await startGateway({ servers: { maths: maths.config } });
    const front = await host.connect({ capabilities: { roots: { listChanged: true } } });
    await front.client.callTool({ name: "maths__add" });

    await maths.made[0]?.sendToolListChanged();
    await front.client.sendRootsListChanged();

    await front.told("notifications/tools/list_changed");
    await until(() => maths.told.includes("notifications/roots/list_changed"), "the server was not told");
  });
});
