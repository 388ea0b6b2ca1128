import { expect } from "vitest";
import { createSupervisor } from "../../src/index.js";
import { shortGraces } from "../real/support/graces.js";
import { killLeader } from "../real/support/kill.js";
import { rejection, until } from "../real/support/until.js";
import { scenario } from "./support/scenario.js";
import { successiveLives } from "./support/successive-lives.js";

const limit = 2;

scenario(
  "LP-23 a server that crashes again and again is restarted so often, never beside its old tree, and given up",
  async () => {
    await using lives = await successiveLives("helper-ignored-stdio", { atMost: limit + 1 });
    const restart = { initialDelayMs: 20, maxDelayMs: 40, limit, withinMs: 60_000 };
    const servers = { server: { ...lives.config, lifecycle: { ...shortGraces, restart } } };
    const supervisor = createSupervisor({ servers, signals: false });
    const states: string[] = [];
    supervisor.on("connection", ({ connection, state }) => {
      states.push(state);
      const listed = supervisor.inspect().sessions[0]?.connections.find(({ id }) => id === connection);
      if (state === "open") killLeader(listed?.pid);
    });
    const lease = await supervisor.session("chat").acquire();
    const closed = () => states.filter((state) => state === "closed").length;
    void lease.client("server").catch(() => undefined);
    await until(
      () => closed() === limit + 1,
      () => `the server was ${states.join(", ")}`,
    );

    expect(await rejection(lease.client("server"))).toMatchObject({ code: "RESTART_LIMIT" });
    expect(lives.overlaps).toEqual([false, false]);
    for (const witness of lives.witnesses) await witness.gone();
    await supervisor.shutdown();
  },
);
