import { noLogger, systemClock } from "../../../src/ports/index.js";
import { createProcessHost } from "../../../src/processes/index.js";
import { createTransportFactory } from "../../../src/transports/index.js";

const [url = ""] = process.argv.slice(1);
const factory = createTransportFactory({ processHost: createProcessHost(), clock: systemClock, logger: noLogger });
const handle = factory.create({
  connectionId: "c",
  config: { url },
  context: { sessionKey: "s", generation: "g", server: "http", tags: {} },
  calls: { start: () => ({ finish: () => undefined }) },
  onLost: () => undefined,
  onStir: () => undefined,
  onToolsChanged: () => undefined,
});
await handle.open(AbortSignal.timeout(10_000));
while ((await handle.look()).sockets === 0) await new Promise((resolve) => setTimeout(resolve, 5));
await handle.release(AbortSignal.timeout(2_000));
await handle.endInput();
handle.dispose();
process.stdout.write("done\n");
