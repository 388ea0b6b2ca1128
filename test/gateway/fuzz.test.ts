import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hostileServer } from "../../src/testing/hostile/index.js";
import { createWitness } from "../../src/testing/witness/index.js";
import { shortGraces } from "../real/support/graces.js";
import { type FuzzedRequest, fuzzedRequests, send } from "./support/fuzzed-request.js";
import { type FrontClient, startGateway } from "./support/test-gateway.js";

/** `npm run test:nightly` sends 5 000. */
const requests = Number(process.env["GATEWAY_REQUESTS"] ?? 240);
const atOnce = 16;

describe.runIf(process.platform === "linux")("a gateway that strangers send anything", () => {
  it(
    "should answer, or not, and go on serving its client, whom none of them reaches",
    { timeout: 900_000 },
    async () => {
      const token = "token-of-the-gateway-9b1d";
      const secret = "value-of-the-environment-7c2e";
      const logged: string[] = [];
      const log = (fields: object, message: string) => void logged.push(message, JSON.stringify(fields));
      await using witness = await createWitness();
      const server = { ...hostileServer("well-behaved", { witness, env: { SECRET: secret } }), lifecycle: shortGraces };
      await using host = await startGateway({
        servers: { server },
        token,
        limits: { headersMs: 500, requestMs: 1_000, bodyBytes: 10_000, sessions: 24 },
        clientLostMs: 300,
        drainMs: 100,
        logger: { debug: log, info: log, warn: log, error: log },
      });
      const client = await host.connect();
      const strangersKey = host.onlyKey();
      const pid = await pidOf(client);
      // A stranger's own session: held by a stream, so that it is there for all of them.
      const own = await host.connect();
      const known = { token, ownSession: own.id, strangersKey };
      const port = Number(host.url.port);

      const batch = fc.array(fuzzedRequests(known), { minLength: atOnce, maxLength: atOnce });
      const property = fc.asyncProperty(batch, async (sent: FuzzedRequest[]) => {
        const answers = await Promise.all(sent.map((request) => send(port, request)));
        for (const answer of answers) {
          expect(answer).toMatch(/^($|HTTP\/1\.1 [1-5]\d\d )/);
          expect(answer).not.toMatch(/^HTTP\/1\.1 500/);
          expect(answer).not.toContain(client.id);
          expect(answer).not.toContain(secret);
          expect(answer).not.toContain(token);
        }
        expect(await pidOf(client), "the client's server").toBe(pid);
      });
      await fc.assert(property, { numRuns: Math.ceil(requests / atOnce) });

      expect(Reflect.get({}, "polluted")).toBeUndefined();
      expect(host.gateway.overview().sessions.some(({ key }) => key === strangersKey)).toBe(true);
      expect(logged.join("\n")).not.toMatch(new RegExp(`${secret}|${token}|${client.id}`));
      const report = await host.gateway.shutdown({ deadlineMs: 5_000 });
      expect(report.leaked).toBe(0);
      await witness.gone();
    },
  );
});

async function pidOf({ client }: FrontClient): Promise<string> {
  return JSON.stringify((await client.callTool({ name: "server__pid" })).content);
}
