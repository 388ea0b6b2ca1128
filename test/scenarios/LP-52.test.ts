import { expect, test } from "vitest";
import type { SessionReceipt } from "../../src/index.js";
import { until } from "../real/support/until.js";
import { mcpServer, startLoopback, status } from "../transports/support/loopback.js";
import { webGateway } from "./support/web-gateway.js";

test("LP-52 a cleanup that failed is reported as leaked until there is proof, and then by a second receipt", async () => {
  let isBroken = true;
  const server = await startLoopback(
    mcpServer((request) => {
      if (request.method !== "DELETE" || !isBroken) return false;
      status(request, 500);
      return true;
    }),
  );
  const gateway = webGateway({ server: { url: server.url } });
  const recovered: SessionReceipt[] = [];
  gateway.on("recovered", (receipt) => void recovered.push(receipt));
  const session = gateway.session("chat");
  await session.run((lease) => lease.client("web"));

  const receipt = await session.end();

  expect(receipt).toMatchObject({
    outcome: "leaked",
    connections: [{ remote: { problem: expect.stringContaining("500") } }],
  });
  expect(session.state).not.toBe("closed");
  isBroken = false;
  await until(() => recovered.length > 0, "the leak was not tried again");
  expect(recovered).toMatchObject([{ outcome: "closed", recovers: receipt.id }]);
  expect(receipt.outcome, "a receipt was changed").toBe("leaked");
  expect(session.state).toBe("closed");
});
