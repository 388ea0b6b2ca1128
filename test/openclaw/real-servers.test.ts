import { expect, onTestFinished, test } from "vitest";
import {
  createSessionMcpRuntimeManager,
  disposeAllSessionMcpRuntimes,
  disposeSessionMcpRuntime,
  getOrCreateSessionMcpRuntime,
  type SessionMcpRuntimeManager,
  takeSlot,
} from "../../src/openclaw/index.js";
import { hostileServer } from "../../src/testing/hostile/index.js";
import { createWitness } from "../../src/testing/witness/index.js";
import { rejection } from "../real/support/until.js";
import { startSdkHttpServer } from "../transports/support/sdk-http-server.js";
import { emptySlot, fakeOpenClaw, slot, slots } from "./support/fake-openclaw.js";

const lifecycle = { inputEndedMs: 100, terminatingMs: 100 };
const workspaceDir = "/";

/** A manager whose supervisor goes with the test. */
function managerOfTest() {
  const manager = createSessionMcpRuntimeManager({ lifecycle });
  onTestFinished(async () => void (await manager.shutdown({ deadlineMs: 10_000, cause: "shutdown" })));
  return manager;
}

test("the functions of the report should run real servers, and leave nothing of those that will not go", async () => {
  emptySlot();
  await using witness = await createWitness();
  takeSlot(managerOfTest());
  onTestFinished(disposeAllSessionMcpRuntimes);
  const cfg = {
    mcp: {
      servers: {
        deaf: hostileServer("ignores-everything", { witness }),
        "with helper": hostileServer("helper-detached", { witness }),
        broken: { command: "no-such-program" },
      },
    },
  };

  const runtime = await getOrCreateSessionMcpRuntime({
    sessionId: "one",
    sessionKey: "agent:main:one",
    workspaceDir,
    cfg,
  });
  const { servers, tools, diagnostics } = await runtime.getCatalog();

  expect(Object.keys(servers)).toEqual(["deaf", "with helper"]);
  expect(tools.find(({ toolName, serverName }) => toolName === "echo" && serverName === "with helper")).toMatchObject({
    safeServerName: "with-helper",
  });
  expect(diagnostics).toMatchObject([
    { serverName: "broken", message: expect.stringContaining("no-such-program") as string },
  ]);
  expect(await runtime.callTool("with helper", "echo", { message: "hi" })).toMatchObject({ content: [{ text: "hi" }] });
  expect(await rejection(runtime.callTool("broken", "echo", {}))).toMatchObject({
    message: expect.stringMatching(/^bundle-mcp server "broken" is not connected/) as string,
  });
  await disposeSessionMcpRuntime("one");
  await witness.gone();
});

test("the plugin should end a session's real servers when its hook says so", async () => {
  emptySlot();
  await using witness = await createWitness();
  const openclaw = fakeOpenClaw({ pluginConfig: { lifecycle } });
  openclaw.register();
  const manager = slots[slot] as SessionMcpRuntimeManager;
  const cfg = {
    mcp: { servers: { wrapped: hostileServer("shell-wrapper", { witness, flags: ["--helper=detached"] }) } },
  };
  for (const sessionId of ["one", "two"]) {
    const runtime = await manager.getOrCreate({ sessionId, sessionKey: `agent:main:${sessionId}`, workspaceDir, cfg });
    await runtime.getCatalog();
  }

  await openclaw.fire("session_end", {
    sessionId: "one",
    sessionKey: "agent:main:one",
    reason: "reset",
    nextSessionId: "x",
  });

  expect(manager.listSessionIds()).toEqual(["two"]);
  // Which means it took depends on how busy the machine is.
  const line =
    /^info: MCP servers ended: reset, reset; closed \(session=one, servers=wrapped by (SIGTERM|SIGKILL|cgroup\.kill)\)$/;
  expect(
    openclaw.said.filter((each) => line.test(each)),
    openclaw.said.join("; "),
  ).toHaveLength(1);
  await openclaw.fire("gateway_stop", { reason: "gateway stopping" });
  await witness.gone();
});

test("a server that forgot its HTTP session should be connected anew, and the call that found out not replayed", async () => {
  const server = await startSdkHttpServer();
  const manager = managerOfTest();
  const cfg = { mcp: { servers: { web: { url: server.url, transport: "streamable-http" } } } };
  const runtime = await manager.getOrCreate({ sessionId: "one", workspaceDir, cfg });
  await runtime.getCatalog();
  server.forgetSessions();

  expect(await rejection(runtime.callTool("web", "echo", {}))).toMatchObject({ code: "CONNECTION_LOST" });

  expect(server.count("tools/call")).toBe(1);
  expect(await runtime.callTool("web", "echo", {})).toMatchObject({ content: [{ text: "hi" }] });
  await manager.disposeAll();
  expect(server.sessions.size).toBe(0);
});
