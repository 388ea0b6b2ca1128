import { expect, test } from "vitest";
import { type ConnectionInput, connectionMachine } from "../../src/machines/index.js";
import { millisecondGraces } from "../exploration/millisecond-graces.js";
import { silentPort } from "../exploration/silent-port.js";
import { after, type Step } from "./steps.js";

const input: ConnectionInput = {
  id: "c",
  server: "web",
  graces: millisecondGraces,
  hasGoodbye: true,
  port: silentPort,
};

/** A connection to a server over HTTP. */
const connection = (...steps: Step[]) => after(connectionMachine, input, ...steps);

const opened = { type: "xstate.done.actor.open", output: { tools: [] } };
const onlyRemoteLeft = { at: 1, empty: false, onlyRemoteLeft: true };
const killed = [{ type: "xstate.done.actor.kill" }, { type: "xstate.done.actor.look", output: onlyRemoteLeft }];

test("a goodbye that the remote session outlives should count as one of five", () => {
  const said = [{ type: "xstate.done.actor.release" }, { type: "xstate.done.actor.endInput", output: onlyRemoteLeft }];
  const { value, context } = connection(opened, { type: "CLOSE" }, ...said);
  expect([value, context.failedReleases]).toEqual(["leaked", 1]);
  const again = Array.from({ length: 4 }, () => [{ type: "RETRY" }, ...said]).flat();
  expect(connection(opened, { type: "CLOSE" }, ...said, ...again)).toMatchObject({
    value: "closed",
    output: { how: "unconfirmed" },
  });
});

test("a closing that was late from its first instant says no goodbye, and should count none", () => {
  const { value, context } = connection(opened, { type: "KILL_BY" }, { type: "CLOSE" }, ...killed);
  expect([value, context.failedReleases]).toEqual(["leaked", 0]);
});
