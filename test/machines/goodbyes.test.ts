import { type EventFromLogic, initialTransition, type SnapshotFrom, transition } from "xstate";
import { expect, test } from "vitest";
import { type ConnectionInput, connectionMachine } from "../../src/machines/index.js";
import { millisecondGraces } from "../exploration/millisecond-graces.js";
import { silentPort } from "../exploration/silent-port.js";

const input: ConnectionInput = {
  id: "c",
  server: "web",
  graces: millisecondGraces,
  hasGoodbye: true,
  port: silentPort,
};

/** What becomes of a connection to a server over HTTP; each answer is the output of what it waits for. */
function after(...events: { type: string; output?: unknown }[]): SnapshotFrom<typeof connectionMachine> {
  let [snapshot] = initialTransition(connectionMachine, input);
  for (const event of events)
    [snapshot] = transition(connectionMachine, snapshot, event as EventFromLogic<typeof connectionMachine>);
  return snapshot;
}

const opened = { type: "xstate.done.actor.open", output: { tools: [] } };
const onlyRemoteLeft = { at: 1, empty: false, onlyRemoteLeft: true };
const killed = [{ type: "xstate.done.actor.kill" }, { type: "xstate.done.actor.look", output: onlyRemoteLeft }];

test("a goodbye that the remote session outlives should count as one of five", () => {
  const said = [{ type: "xstate.done.actor.release" }, { type: "xstate.done.actor.endInput", output: onlyRemoteLeft }];
  const { value, context } = after(opened, { type: "CLOSE" }, ...said);
  expect([value, context.failedReleases]).toEqual(["leaked", 1]);
  const again = Array.from({ length: 4 }, () => [{ type: "RETRY" }, ...said]).flat();
  expect(after(opened, { type: "CLOSE" }, ...said, ...again)).toMatchObject({
    value: "closed",
    output: { how: "unconfirmed" },
  });
});

test("a closing that was late from its first instant says no goodbye, and should count none", () => {
  const { value, context } = after(opened, { type: "KILL_BY" }, { type: "CLOSE" }, ...killed);
  expect([value, context.failedReleases]).toEqual(["leaked", 0]);
});
