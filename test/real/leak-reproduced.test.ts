import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { describe, expect, it } from "vitest";
import { createSupervisor } from "../../src/index.js";
import { hostileServer, type HostileServerName } from "../../src/testing/hostile/index.js";
import { createWitness, WitnessError } from "../../src/testing/witness/index.js";
import { shortGraces } from "./support/graces.js";
import { killByIdentity } from "./support/kill.js";
import { rejection } from "./support/until.js";

const leaky: HostileServerName[] = [
  "helper-detached",
  "helper-double-fork",
  "helper-ignored-stdio",
  "helper-cleared-env-detached",
  "shell-wrapper",
  "wrapper-waits",
];

// The check of every other test here is the witness. That it can fail is shown on what this library is for.
describe.runIf(process.platform === "linux")("the leak", () => {
  it.concurrent.each(leaky)(
    "should be there after the SDK's own close, and not after a session's end: %s",
    async (name) => {
      await using theirs = await createWitness();
      const client = new Client({ name: "test", version: "1" });
      const transport = new StdioClientTransport({ ...hostileServer(name, { witness: theirs }), stderr: "ignore" });
      await client.connect(transport);
      await client.close();
      const proof = await rejection(theirs.gone({ withinMs: 500 }));
      for (const seen of theirs.holders()) killByIdentity(seen);
      expect(proof, "the SDK has learned to leave nothing: this comparison says nothing any more").toBeInstanceOf(
        WitnessError,
      );
      expect((proof as WitnessError).left.length).toBeGreaterThan(0);
      await theirs.gone({ withinMs: 5_000 });

      await using ours = await createWitness();
      const server = { ...hostileServer(name, { witness: ours }), lifecycle: shortGraces };
      const supervisor = createSupervisor({ servers: { server } });
      const session = supervisor.session("chat");
      await session.run((lease) => lease.client("server"));
      expect(await session.end()).toMatchObject({ outcome: "closed", netUsed: false });
      await ours.gone();
      await supervisor.shutdown();
    },
  );
});
