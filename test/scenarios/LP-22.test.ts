import { expect } from "vitest";
import { rejection } from "../real/support/until.js";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario("LP-22 a shutdown admits nothing more and ends what is still starting", async () => {
  await using gateway = await gatewayWith("slow-start");
  const { supervisor, witness } = gateway;
  const cron = await supervisor.session("cron", { oneShot: true }).acquire();
  const heartbeat = supervisor.session("heartbeat");
  const starting = rejection(cron.client("server"));
  await witness.held();

  const shutdown = supervisor.shutdown();

  expect(() => supervisor.session("late")).toThrow(expect.objectContaining({ code: "SHUTDOWN" }));
  expect(await rejection(heartbeat.acquire())).toMatchObject({ code: "SHUTDOWN" });
  expect(await starting).toMatchObject({ code: "SESSION_ENDED" });
  expect(await shutdown).toMatchObject({ closed: 1, leaked: 0 });
  await witness.gone();
});
