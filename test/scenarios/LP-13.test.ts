import { expect } from "vitest";
import { rejection } from "../real/support/until.js";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario(
  "LP-13 an opening that failed is closed, proved gone and in the receipt before anybody hears of it",
  async () => {
    await using gateway = await gatewayWith("crashes-with-helper");
    const session = gateway.supervisor.session("chat");

    const failure = await rejection(session.run((lease) => lease.client("server")));

    await gateway.witness.gone();
    expect(failure).toMatchObject({ code: "OPEN_FAILED", server: "server", session: "chat" });
    expect(gateway.supervisor.inspect()).toMatchObject({ sessions: [{ connections: [] }], admission: { trees: 0 } });
    expect((await session.end()).connections).toMatchObject([{ outcome: "closed", wasOpen: false, survivors: [] }]);
  },
);
