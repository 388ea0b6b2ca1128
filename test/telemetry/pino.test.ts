import { pino } from "pino";
import { expect, test } from "vitest";
import { logEvents } from "../../src/telemetry/index.js";
import { simulate } from "../supervisor/simulated.js";

test("pino should write what a listener threw, and lines whose pid is a server's", async () => {
  const lines: Record<string, unknown>[] = [];
  const stream = { write: (text: string) => void lines.push(JSON.parse(text) as Record<string, unknown>) };
  const logger = pino({ base: null }, stream);
  const { supervisor, run } = simulate({ files: {} }, { logger });
  logEvents(supervisor, logger);
  supervisor.on("receipt", () => {
    throw new Error("no room for receipts");
  });
  const session = supervisor.session("chat");
  await run(session.run((lease) => lease.client("files")));
  const { connections } = await run(session.end());

  expect(lines.find(({ msg }) => msg === "connection is closed")?.["pid"]).toBe(connections[0]?.pid);
  expect(lines.find(({ msg }) => msg === "a listener threw")).toMatchObject({
    err: { type: "Error", message: "no room for receipts" },
  });
});
