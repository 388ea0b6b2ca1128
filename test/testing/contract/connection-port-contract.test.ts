import { describe, expect, it } from "vitest";
import { noLogger } from "../../../src/ports/index.js";
import { parseServers } from "../../../src/config/index.js";
import type { ConnectionPort } from "../../../src/machines/index.js";
import { connectionPort, type PortOwner } from "../../../src/supervisor/connection-port.js";
import { Custody } from "../../../src/supervisor/custody.js";
import { connectionPortContract, type PortUnderTest } from "../../../src/testing/contract/index.js";
import { createWorld, presets } from "../../../src/testing/simulation/index.js";

const behaviours = { cooperative: {}, stubborn: presets.ignoresSigterm, slow: presets.opensAnyway };
const servers = parseServers(Object.fromEntries(Object.keys(behaviours).map((name) => [name, { command: "virtual" }])));

/** The supervisor's own port, in a world of virtual processes. */
function ours(): PortUnderTest {
  const world = createWorld({ behaviours });
  const custody = new Custody({ clock: world.clock, factory: world.transportFactory, logger: noLogger });
  const owner: PortOwner = {
    entryFor: (id, server) => ({
      id,
      session: "chat#1",
      server,
      config: servers[server] ?? { command: "virtual" },
      context: { sessionKey: "chat", generation: "chat#1", server, tags: {} },
      onCalls: () => undefined,
      onLost: () => undefined,
      onToolsChanged: () => undefined,
      onSettledLate: () => undefined,
    }),
    connectTimeoutMs: () => 1_000,
    ended: () => undefined,
    removed: () => undefined,
    leaked: () => undefined,
    netProved: () => undefined,
    refusal: () => undefined,
  };
  return {
    port: connectionPort(custody, owner),
    cooperative: "cooperative",
    stubborn: "stubborn",
    // Its opening takes half a virtual second, which passes as soon as somebody waits for it.
    slow: { server: "slow", settle: () => undefined },
    isAlive: (id) => world.truth.liveProcesses(id).length > 0,
    run: (work) => world.clock.run(work),
  };
}

const nothing = { at: 0, empty: true, onlyRemoteLeft: false };

/** What breaks each rule, by its place in the contract. */
const breaks: readonly ((port: ConnectionPort) => Partial<ConnectionPort>)[] = [
  (port) => ({ open: async (id, server) => ({ ...(await port.open(id, server)) }) }),
  () => ({ settle: () => Promise.resolve() }),
  () => ({ look: () => Promise.resolve(nothing) }),
  (port) => ({ settle: (id) => port.settle(id, new AbortController().signal) }),
  () => ({ endInput: () => Promise.resolve(nothing) }),
  () => ({ look: () => Promise.resolve(nothing) }),
  () => ({ terminate: () => Promise.resolve(nothing) }),
  () => ({
    closed: (id) => {
      throw new TypeError(`there is no ${id}`);
    },
  }),
];

describe("the contract of a connection's port", () => {
  it.each(connectionPortContract)("is honoured by the supervisor's own: $rule", ({ check }) => check(ours()));

  it.each(connectionPortContract.map((rule, index) => ({ ...rule, index })))(
    "should find out who breaks it: $rule",
    async ({ check, index }) => {
      const subject = ours();
      const broken = { ...subject.port, ...breaks[index]?.(subject.port) };
      await expect(check({ ...subject, port: broken })).rejects.toMatchObject({ code: "CONTRACT" });
    },
  );
});
