import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { hostileServer } from "mcp-lifecycle/testing";
import { bench, differenceRow, factorRow } from "./support/bench.js";
import { startOurs, startSupergateway } from "./support/gateways.js";
import { inTurn, median, percentile, timed } from "./support/measure.js";
import { cooperative, echo, plainClient } from "./support/servers.js";

const vanished = "every client vanished";
const idleSessions = 20;
const leftSessions = 10;
/** How long a client has to be away to be lost: for both, where it is none, and where it is meant to be. */
const patientMs = 300_000;
const impatientMs = 3_000;

await bench(async () => {
  const options = { clientLostMs: patientMs };
  const [ours, theirs] = [await startOurs(cooperative(), options), await startSupergateway(cooperative(), options)];
  const name = `supergateway ${theirs.version}`;
  const through = (gateway) => ({ ...echo, name: gateway.tool });

  const opened = async (gateway) => {
    const startedAt = performance.now();
    const { client, transport } = await gateway.connect();
    await client.callTool(through(gateway));
    const took = performance.now() - startedAt;
    await transport.terminateSession();
    await client.close();
    return took;
  };
  const openedDirectly = async () => {
    const client = plainClient();
    const took = await timed(async () => {
      await client.connect(new StdioClientTransport(cooperative()));
      await client.callTool(echo);
    });
    await client.close();
    return took;
  };
  const opens = await inTurn(
    { ours: () => opened(ours), theirs: () => opened(theirs), direct: openedDirectly },
    { rounds: 60, warmUp: 10 },
  );

  const direct = plainClient();
  await direct.connect(new StdioClientTransport(cooperative()));
  const [front, other] = [await ours.connect(), await theirs.connect()];
  const calls = await inTurn(
    {
      ours: () => timed(() => front.client.callTool(through(ours))),
      theirs: () => timed(() => other.client.callTool(through(theirs))),
      direct: () => timed(() => direct.callTool(echo)),
    },
    { rounds: 1_000, warmUp: 200 },
  );
  await direct.close();

  const clients = await Promise.all([ours, theirs].flatMap((gateway) => idle(gateway, through(gateway))));
  const bytes = { ours: await ours.ownBytes(), theirs: await theirs.ownBytes() };
  for (const { client, transport } of [front, other, ...clients]) {
    await transport.terminateSession().catch(() => undefined);
    await client.close();
  }
  for (const gateway of [ours, theirs]) await end(gateway);

  const beyond = (who, percent) => percentile(calls[who], percent) - percentile(calls.direct, percent);
  const callRow = (percent) =>
    differenceRow({
      what: `a call through the gateway, p${percent}`,
      comparedWith: `the same call of the SDK's client on stdio; ${name}: + ${beyond("theirs", percent).toFixed(1)} ms`,
      beyond: beyond("ours", percent),
      atMost: percent === 50 ? 1.5 : 5,
      unit: "ms",
    });
  const directly = (median(opens.direct) / median(opens.theirs)).toFixed(2);
  return [
    factorRow({
      what: "to open a session through the gateway: connect and first call",
      comparedWith: `${name}, the same server; the SDK's client on stdio, without a gateway: ${directly} ×`,
      times: median(opens.ours) / median(opens.theirs),
      atMost: 1.05,
    }),
    callRow(50),
    callRow(95),
    factorRow({
      what: `memory of the gateway's own processes with ${idleSessions} idle sessions`,
      comparedWith: name,
      times: bytes.ours / bytes.theirs,
      atMost: 1.05,
    }),
    ...(await leftRows(name)),
  ];
});

function idle(gateway, call) {
  return Array.from({ length: idleSessions }, async () => {
    const session = await gateway.connect();
    await session.client.callTool(call);
    return session;
  });
}

/** What is left of a server behind a wrapper, as behind npx, after each kind of end. */
async function leftRows(name) {
  const ends = {
    "DELETE of every client": (sessions) =>
      Promise.all(sessions.map(({ transport }) => transport.terminateSession().catch(() => undefined))),
    [vanished]: (sessions) => Promise.all(sessions.map(({ client }) => client.close())),
    SIGTERM: (_sessions, gateway) => gateway.kill("SIGTERM"),
    "kill -9": (_sessions, gateway) => gateway.kill("SIGKILL"),
  };
  const rows = [];
  for (const [what, endThem] of Object.entries(ends)) {
    const left = {};
    for (const [who, open] of Object.entries({ ours: startOurs, theirs: startSupergateway })) {
      const gateway = await open(hostileServer("wrapper-waits"), {
        clientLostMs: what === vanished ? impatientMs : patientMs,
      });
      const call = { ...echo, name: gateway.tool };
      const sessions = await Promise.all(
        Array.from({ length: leftSessions }, async () => {
          const session = await gateway.connect();
          await session.client.callTool(call);
          return session;
        }),
      );
      await endThem(sessions, gateway);
      left[who] = await gateway.left();
      await Promise.all(sessions.map(({ client }) => client.close().catch(() => undefined)));
      await end(gateway);
    }
    rows.push({
      what: `processes left of ${leftSessions} servers behind a wrapper: ${what}`,
      comparedWith: `${name}: ${left.theirs}`,
      target: "0",
      measured: String(left.ours),
      met: left.ours === 0,
    });
  }
  return rows;
}

async function end(gateway) {
  gateway.kill("SIGTERM");
  const over = Promise.race([gateway.exited, new Promise((resolve) => setTimeout(resolve, 12_000).unref())]);
  await over;
  await gateway.killRest();
  await gateway.dispose();
}
