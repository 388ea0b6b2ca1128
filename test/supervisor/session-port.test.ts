import { describe, expect, test } from "vitest";
import { presets } from "../../src/testing/simulation/index.js";
import type { CustodyRecord } from "../../src/supervisor/custody.js";
import type { SessionHandle } from "../../src/supervisor/session-handle.js";
import { portOwner, sessionPort } from "../../src/supervisor/session-port.js";
import { handleOf, transport } from "./one-connection.js";
import { simulate } from "./simulated.js";

const place = { session: "chat", server: "files" };

/** What the machines of a session ask for, asked in their stead. */
function asked(behaviour: object = {}) {
  const simulated = simulate({ files: behaviour });
  const session = simulated.supervisor.session("chat") as SessionHandle;
  const announced: string[] = [];
  simulated.supervisor.on("connection", ({ state }) => announced.push(state));
  return { ...simulated, session, port: sessionPort(session), announced };
}

async function opened(behaviour: object = {}) {
  const made = asked(behaviour);
  const lease = await made.session.acquire();
  await made.run(lease.client("files"));
  const record = made.supervisor.custody.all()[0] as CustodyRecord;
  return { ...made, lease, record };
}

describe("an opening that a machine asks for", () => {
  test("should be refused once the end began, and enter nothing (I4)", async () => {
    const { session, supervisor, port, run, announced } = asked();
    await run(session.end());
    await expect(port.open("chat#1/r1/files.1", "files")).rejects.toMatchObject({ code: "SESSION_ENDED" });
    expect(supervisor.custody.all()).toEqual([]);
    expect(announced).toEqual([]);
  });

  test("should be refused where its server was removed in the same moment", () => {
    const { supervisor, port } = asked();
    const unknown = expect.objectContaining({ code: "UNKNOWN_SERVER", session: "chat", server: "mail" });
    expect(() => port.open("chat#1/r1/mail.1", "mail")).toThrow(unknown);
    expect(supervisor.custody.all()).toEqual([]);
  });

  test("should not be announced as open where it began to close meanwhile", async () => {
    const { supervisor, port, run, announced } = asked();
    const opening = port.open("chat#1/r1/files.1", "files");
    (supervisor.custody.all()[0] as CustodyRecord).state = "closing";
    await run(opening);
    expect(announced).toEqual(["opening"]);
  });
});

describe("calls of a session whose end began", () => {
  test("should be aborted with what the end is", async () => {
    const { port, record } = await opened();
    const errors: unknown[] = [];
    record.calls.start((error) => errors.push(error));
    port.abortSessionCalls();
    expect(errors).toMatchObject([{ code: "SESSION_ENDED", session: "chat" }]);
  });

  test("should be refused for the session's sake, and not before it ends", async () => {
    const { session, run } = asked();
    const owner = portOwner(session);
    expect(owner.refusal()).toBeUndefined();
    await run(session.end());
    expect(owner.refusal()).toMatchObject({ code: "SESSION_ENDED", session: "chat", state: "closed" });
  });
});

test("connections whose runtime failed should be ended by the net", async () => {
  const { world, supervisor, port } = await opened(presets.ignoresSigterm);
  port.takeOverSession(new Error("injected"));
  await world.clock.advanceBy(1_000);
  expect(world.truth.liveProcesses()).toEqual([]);
  expect(supervisor.inspect().netUsed).toBe(1);
});

test("an opening that takes too long should be reported with its own limit and what is known of it", async () => {
  const { supervisor, world, run } = asked(presets.neverInitializes);
  supervisor.reload({ files: { command: "virtual", lifecycle: { connectTimeoutMs: 1_234 } } });
  const lease = await supervisor.session("chat").acquire();
  const waiting = lease.client("files").catch((error: unknown) => error);
  await world.clock.advanceBy(1);
  const created = world.transportFactory.created[0];
  Object.defineProperty(created?.handle, "hint", { value: "it asked for a password" });
  const error = await run(waiting);
  expect(error).toMatchObject({ code: "CONNECT_TIMEOUT", ...place });
  expect(String(error)).toMatch(/1234 ms.*it asked for a password/);
});

test("an opening that hung beyond its session's end should be retried as soon as it settles", async () => {
  let give: () => void = () => undefined;
  const handle = handleOf({ open: () => new Promise((resolve) => (give = () => resolve(transport))) });
  const { supervisor, world, run } = simulate({ files: {} }, { factory: { create: () => handle } });
  const session = supervisor.session("chat");
  const lease = await session.acquire();
  lease.client("files").catch(() => undefined);
  await world.clock.advanceBy(10);
  expect(await run(session.end())).toMatchObject({ outcome: "leaked" });
  give();
  await world.clock.settle();
  expect(session.state).toBe("closed");
});
