import { describe, expect, test } from "vitest";
import type { Logger } from "../../src/ports/index.js";
import { logEvents } from "../../src/telemetry/index.js";
import { presets, type ServerBehaviours } from "../../src/testing/simulation/index.js";
import { simulate } from "../supervisor/simulated.js";

interface Line {
  readonly level: keyof Logger;
  readonly message: string;
  readonly [field: string]: unknown;
}

describe("the lines of a session's life", () => {
  test("should each have session and generation, and those of a connection its id and its pid", async () => {
    const { lines, session, run } = begin({ files: {} });
    await run(session.run((lease) => lease.client("files")));
    const { connections } = await run(session.end());

    expect(lines.length).toBeGreaterThan(8);
    for (const line of lines) expect(line).toMatchObject({ session: "chat", generation: session.id });
    const ofConnection = lines.filter(({ message }) => message.startsWith("connection"));
    for (const line of ofConnection) {
      expect(line).toMatchObject({ connection: connections[0]?.id, server: "files", transport: "stdio" });
    }
    expect(ofConnection.slice(1).map(({ pid }) => pid)).toEqual(Array(3).fill(connections[0]?.pid));
    expect(lines.filter(({ level }) => level !== "debug").map(({ message }) => message)).toEqual([
      "session began",
      "connection is open",
      "connection is closed",
      "session ended; nothing of it is left",
    ]);
  });

  test("should warn of a server that could not be opened, and say why", async () => {
    const { lines, session, run } = begin({ mail: presets.failsToInitialize });
    await run(session.run((lease) => lease.catalog()));
    expect(lines.find(({ level }) => level === "warn")).toMatchObject({
      server: "mail",
      message: "connection could not be opened, and is closed",
      failure: expect.stringContaining("mail"),
    });
    await run(session.end());
  });

  test("should tell a leak with its survivors as an error, and its proof, and begin no session anew by that", async () => {
    const { lines, session, run, world } = begin({ stuck: presets.unkillable });
    await run(session.run((lease) => lease.client("stuck")));
    const { connections } = await run(session.end());
    const [survivor] = connections[0]?.survivors ?? [];
    expect(
      lines.filter(({ level }) => level === "error").map(({ message, survivors }) => ({ message, survivors })),
    ).toEqual([
      { message: "a connection is leaked: it could not be proved gone" },
      {
        message: "session ended; what is left of it could not be proved gone",
        survivors: [expect.objectContaining({ server: "stuck", pid: survivor?.pid })],
      },
    ]);

    world.recover();
    await world.clock.runUntilIdle();
    await world.clock.advanceBy(120_000);
    expect(lines.at(-1)).toMatchObject({ level: "info", message: "a leaked session is proved gone" });
    expect(lines.filter(({ message }) => message === "session began")).toHaveLength(1);
  });

  test("should warn of a lease held for too long, with the stack that acquired it", async () => {
    const { lines, session, world } = begin({ files: {} });
    await session.acquire();
    await world.clock.advanceBy(2_000);
    expect(lines.find(({ level }) => level === "warn")).toMatchObject({
      message: "a lease is held for too long",
      heldMs: 1_000,
      acquiredBy: expect.stringContaining("log-events.test"),
    });
  });

  test("should end when they are disposed", async () => {
    const { lines, session, logging, run } = begin({ files: {} });
    logging.dispose();
    const before = lines.length;
    await run(session.end());
    expect(lines).toHaveLength(before);
  });
});

function begin(behaviours: ServerBehaviours) {
  const simulated = simulate(behaviours, { leaseWarnMs: 1_000, traceLeases: true });
  const lines: Line[] = [];
  const write = (level: keyof Logger) => (fields: object, message: string) => lines.push({ ...fields, level, message });
  const logger = { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
  const logging = logEvents(simulated.supervisor, logger);
  return { ...simulated, lines, logging, session: simulated.supervisor.session("chat") };
}
