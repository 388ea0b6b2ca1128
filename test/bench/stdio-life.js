import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { createSupervisor } from "mcp-lifecycle";
import { bench, factorRow } from "./support/bench.js";
import { openAndCall, warmUp } from "./support/lives.js";
import { inTurn, median, timed } from "./support/measure.js";
import { cooperative, echo, plainClient } from "./support/servers.js";

await bench(async () => {
  await warmUp();
  const servers = { stdio: cooperative() };
  const asByDefault = createSupervisor({ servers });
  const byGroup = createSupervisor({ servers, containment: "group", ledger: false });
  let lives = 0;

  const lifeOn = (supervisor) => async () => {
    const session = await openAndCall(supervisor, `life:${(lives += 1)}`, "stdio");
    await session.end();
  };
  const plain = async () => {
    const client = plainClient();
    await client.connect(new StdioClientTransport(cooperative()));
    await client.callTool(echo);
    await client.close();
  };

  const contenders = {
    plain: () => timed(plain),
    byGroup: () => timed(lifeOn(byGroup)),
    asByDefault: () => timed(lifeOn(asByDefault)),
  };
  const samples = await inTurn(contenders, { rounds: 100, warmUp: 5 });
  await Promise.all([byGroup.shutdown(), asByDefault.shutdown()]);
  const rowOf = (what, contender) =>
    factorRow({
      what: `a life on stdio: open, one call, end; ${what}`,
      comparedWith: "SDK `Client` on the SDK's `StdioClientTransport`: connect, one call, close; the same server",
      times: median(samples[contender]) / median(samples.plain),
      atMost: 1.1,
    });
  return [
    rowOf("held by group, without records", "byGroup"),
    rowOf("held as by default, with records and a guardian", "asByDefault"),
  ];
});
