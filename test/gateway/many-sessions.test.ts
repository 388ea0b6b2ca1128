import { readdirSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { hostileServer } from "../../src/testing/hostile/index.js";
import { createWitness } from "../../src/testing/witness/index.js";
import { shortGraces } from "../real/support/graces.js";
import { until } from "../real/support/until.js";
import { createRawClient } from "./support/raw-client.js";
import { startGateway, type TestGateway } from "./support/test-gateway.js";

/** `npm run test:nightly` opens a thousand. */
const count = Number(process.env["GATEWAY_SESSIONS"] ?? 16);
const clients = 16;
/** Of a thousand on a busy machine, some are silent for more than a second between two requests. */
const clientLostMs = count > 100 ? 5_000 : 1_000;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

describe.runIf(process.platform === "linux")(`${count} sessions of ${clients} clients at once`, () => {
  it("should all be served and leave nothing, though every third client vanishes", { timeout: 1_200_000 }, async () => {
    await using witness = await createWitness();
    const lifecycle = { ...shortGraces, connectTimeoutMs: 120_000, inputEndedMs: 20_000 };
    await using host = await startGateway({
      servers: { server: { ...hostileServer("well-behaved", { witness }), lifecycle } },
      limits: { sessions: count + clients, sessionsPerClient: count + clients },
      clientLostMs,
      receipts: 10,
    });
    // Code is compiled and pools are filled by the first ones, the more the longer it goes on.
    await serve(host, count / 2);
    const before = await held();

    const problems = await serve(host, count);

    expect(problems).toEqual([]);
    await witness.gone();
    expect(host.gateway.supervisor.inspect()).toMatchObject({ sessions: [], admission: { trees: 0 }, netUsed: 0 });
    const after = await held();
    expect(after.heapBytes / before.heapBytes, "heap, as a factor of what it was").toBeLessThan(1.05);
    expect(after.descriptors, "descriptors").toBeLessThanOrEqual(Math.ceil(before.descriptors * 1.05));
  });
});

/** Opens so many sessions, and gives what went wrong once the last one has ended. */
async function serve(host: TestGateway, sessions: number): Promise<readonly string[]> {
  const problems: string[] = [];
  const turns = Array.from({ length: sessions }, (_, index) => index);
  const next = () => turns.pop();
  const workOff = async () => {
    const client = createRawClient(host.url);
    for (let turn = next(); turn !== undefined; turn = next()) {
      try {
        const session = await client.open();
        await client.call(session, "server__echo");
        if (turn % 3 === 0) client.vanish();
        else if ((await client.goodbye(session)) !== 200) problems.push("an end was not proved in time");
      } catch (error) {
        problems.push(String(error));
      }
    }
    client.vanish();
  };
  await Promise.all(Array.from({ length: clients }, workOff));
  const open = () => host.gateway.supervisor.inspect().sessions.length;
  await until(
    () => open() === 0,
    () => `${open()} sessions did not end`,
    60_000,
  );
  return problems;
}

async function held() {
  for (let round = 0; round < 4; round += 1) {
    collectGarbage();
    // Sockets that were let go close in turns of their own, and finalizers free more.
    await pause(50);
  }
  return { heapBytes: process.memoryUsage().heapUsed, descriptors: readdirSync("/proc/self/fd").length };
}
