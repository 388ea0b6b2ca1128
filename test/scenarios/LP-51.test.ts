import { expect, test } from "vitest";
import { until } from "../real/support/until.js";
import { mcpServer, type Seen, startLoopback, status } from "../transports/support/loopback.js";
import { collectUnhandledRejections } from "./support/unhandled-rejections.js";
import { webGateway } from "./support/web-gateway.js";

const isDelete = ({ method }: Seen) => method === "DELETE";
const turn = () => new Promise((resolve) => setImmediate(resolve));
const broken = () => {
  throw new Error("the host's own");
};

test("LP-51 a cleanup that fails with nobody waiting for it is a state and never an unobserved rejection", async () => {
  using unhandled = collectUnhandledRejections();
  const server = await startLoopback(mcpServer((request) => isDelete(request) && (status(request, 500), true)));
  const logger = { debug: broken, info: broken, warn: broken, error: broken };
  const gateway = webGateway({ server: { url: server.url }, logger });
  // oxlint-disable-next-line typescript/no-misused-promises -- a listener that is async is what is tried
  gateway.on("leaked", async () => broken());
  gateway.on("receipt", broken);
  const session = gateway.session("chat");
  await session.run((lease) => lease.client("web"));

  void session.end();

  await until(() => gateway.inspect().sessions[0]?.connections[0]?.state === "leaked", "the cleanup did not fail");
  await turn();
  expect(unhandled.reasons).toEqual([]);
  expect(gateway.inspect().netUsed).toBe(0);
});
