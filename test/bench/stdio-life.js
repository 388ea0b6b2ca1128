import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { createSupervisor } from "mcp-lifecycle";
import { bench, factorRow } from "./support/bench.js";
import { openAndCall, warmUp } from "./support/lives.js";
import { inTurn, median, timed } from "./support/measure.js";
import { cooperative, echo, plainClient } from "./support/servers.js";

await bench(async () => {
  await warmUp();
  const supervisor = createSupervisor({ servers: { stdio: cooperative() } });
  let lives = 0;

  const ours = async () => {
    const session = await openAndCall(supervisor, `life:${(lives += 1)}`, "stdio");
    await session.end();
  };
  const plain = async () => {
    const client = plainClient();
    await client.connect(new StdioClientTransport(cooperative()));
    await client.callTool(echo);
    await client.close();
  };

  const contenders = { ours: () => timed(ours), plain: () => timed(plain) };
  const samples = await inTurn(contenders, { rounds: 100, warmUp: 5 });
  await supervisor.shutdown();
  return [
    factorRow({
      what: "a life on stdio: open, one call, end",
      comparedWith: "SDK `Client` on the SDK's `StdioClientTransport`: connect, one call, close; the same server",
      times: median(samples.ours) / median(samples.plain),
      atMost: 1.1,
    }),
  ];
});
