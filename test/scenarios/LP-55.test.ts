import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { Inspection } from "../../src/index.js";
import { simulate } from "../supervisor/simulated.js";
import { watchRememberedEventTypes } from "./support/remembered-event-types.js";

const run = promisify(execFile);
const host = fileURLToPath(new URL("hosts/closed-sessions.js", import.meta.url));
/** What garbage collection and the compiler leave to chance; a forgotten session is several times that. */
const bytesAtMost = 4_000;

test("LP-55 the heap of a gateway does not grow with the sessions that it closed", async () => {
  const { stdout } = await run(process.execPath, [host]);
  const { bytesEach, inspection } = JSON.parse(stdout) as { bytesEach: number; inspection: Inspection };
  expect(bytesEach).toBeLessThan(bytesAtMost);
  expect(inspection).toMatchObject({ sessions: [], admission: { liveSessions: 0, trees: 0 }, netUsed: 0 });
});

test("LP-55 closed sessions leave no timer, no record and no type of event that XState remembers", async () => {
  using remembered = watchRememberedEventTypes();
  const gateway = simulate({ files: {}, mail: {} });
  const { world, supervisor } = gateway;
  const live = async (key: string) => {
    const session = supervisor.session(key, { idleTimeoutMs: 5_000, maxLifetimeMs: 50_000 });
    await gateway.run(session.run((lease) => lease.catalog()));
    await gateway.run(session.sleep());
    await gateway.run(session.run((lease) => lease.callTool("files", "echo")));
    await gateway.run(session.end());
  };
  await live("first");
  const before = remembered.count();
  expect(before, "no state was asked: this says nothing any more").toBeGreaterThan(0);

  for (let index = 0; index < 20; index += 1) await live(`chat ${index}`);

  expect(remembered.count()).toBe(before);
  expect(world.clock.pending).toEqual([]);
  world.truth.assertNothingLeft();
});
