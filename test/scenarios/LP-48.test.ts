import { expect } from "vitest";
import { createSupervisor } from "../../src/index.js";
import { pidOf } from "../real/support/asked-calls.js";
import { rejection } from "../real/support/until.js";
import { gatewayWith } from "./support/gateway.js";
import { startHostileSubject } from "../real/support/hostile-subjects.js";
import { scenario } from "./support/scenario.js";

scenario(
  "LP-48 a restart within the process ends all that was, and the next supervisor begins with nothing",
  async () => {
    await using former = await gatewayWith("ignores-eof");
    await using subject = await startHostileSubject("ignores-eof");
    const keys = ["chat", "cron"];
    const old = keys.map((key) => former.supervisor.session(key));
    await Promise.all(old.map((session) => session.run((lease) => lease.client("server"))));

    const report = await former.supervisor.shutdown({ cause: "restart" });

    await former.witness.gone();
    expect(report).toMatchObject({ closed: 2, leaked: 0, receipts: [{ cause: "restart" }, { cause: "restart" }] });
    const next = createSupervisor({ servers: { server: subject.config }, signals: false });
    expect(next.inspect()).toMatchObject({ sessions: [], admission: { liveSessions: 0, trees: 0 }, netUsed: 0 });
    expect(await next.session("chat").run((lease) => pidOf(lease))).toBeGreaterThan(0);
    expect(await rejection(old[0]?.acquire() ?? Promise.resolve())).toMatchObject({ code: "SHUTDOWN" });
    await next.shutdown();
    await subject.nothingLeft();
  },
);
