import { expect } from "vitest";
import { createSupervisor } from "../../src/index.js";
import { shortGraces } from "../real/support/graces.js";
import { rejection } from "../real/support/until.js";
import { scenario } from "./support/scenario.js";
import { successiveLives } from "./support/successive-lives.js";

scenario(
  "LP-20 a server that is started again starts after its old tree is gone, and no late word of that ends it",
  async () => {
    // The helper holds the old server's stdout, so that node's close event of the old child comes late.
    await using lives = await successiveLives("helper-holds-stdio", { atMost: 2 });
    const servers = { server: { ...lives.config, lifecycle: shortGraces } };
    const supervisor = createSupervisor({ servers, signals: false });
    const lease = await supervisor.session("chat").acquire();
    expect(await rejection(lease.callTool("server", "crash"))).toMatchObject({ code: "CONNECTION_LOST" });

    await lease.client("server");

    expect(lives.overlaps).toEqual([false]);
    expect(await lease.callTool("server", "slow", { ms: 300 })).toMatchObject({ content: [{ text: "done" }] });
    expect(lives.witnesses.map(({ isHeld }) => isHeld)).toEqual([false, true]);
    await supervisor.shutdown();
    await lives.witnesses[1]?.gone();
  },
);
