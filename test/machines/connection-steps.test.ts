import { createEmptyActor } from "xstate";
import { describe, expect, it } from "vitest";
import { type ConnectionInput, connectionMachine } from "../../src/machines/index.js";
import { millisecondGraces } from "../exploration/millisecond-graces.js";
import { silentPort } from "../exploration/silent-port.js";
import { after, deeds, sent, type Step } from "./steps.js";

const input: ConnectionInput = {
  id: "c",
  server: "files",
  graces: { ...millisecondGraces, verifyMs: 3_000 },
  hasGoodbye: true,
  port: silentPort,
  parent: createEmptyActor(),
};
const connection = (...steps: Step[]) => after(connectionMachine, input, ...steps);

const answer = (of: string, output?: unknown) => ({ type: `xstate.done.actor.${of}`, output });
const opened = answer("open", { tools: ["read"] });
const failed = (error: unknown) => ({ type: "xstate.error.actor.open", error });
const lost = (attempt: string, error: unknown) => ({ type: "LOST", attempt, error });
const left = { at: 7, empty: false, onlyRemoteLeft: false };
const remoteLeft = { at: 7, empty: false, onlyRemoteLeft: true };
const gone = { at: 7, empty: true, onlyRemoteLeft: false };
const toForce = [opened, { type: "CLOSE" }, answer("release"), answer("endInput", left), answer("terminate", left)];
const kill = (output: object) => [answer("kill"), answer("look", output)];

describe("a connection that fails", () => {
  it("should believe a loss of its own attempt only", () => {
    expect(connection(opened, lost("another", "EPIPE")).value).toBe("open");
    expect(connection(lost("another", "EPIPE")).value).toBe("opening");
  });

  it("should be lost where it was open, and have failed to open where it was not", () => {
    expect(connection(opened, lost("c", "EPIPE")).context.failure).toEqual({ kind: "lost", error: "EPIPE" });
    expect(connection(lost("c", "EPIPE")).context.failure).toEqual({ kind: "open-failed", error: "EPIPE" });
  });

  it.each([
    { error: { code: "ADMISSION" }, kind: "refused" },
    { error: { code: "OPEN_FAILED" }, kind: "open-failed" },
    { error: {}, kind: "open-failed" },
    { error: null, kind: "open-failed" },
    { error: "no", kind: "open-failed" },
  ])("should be $kind when its opening rejects with $error: only a refusal says nothing of the server", (of) => {
    expect(connection(failed(of.error)).context.failure).toEqual({ kind: of.kind, error: of.error });
  });

  it("should have no tools where its opening gave none", () => {
    expect(sent(connectionMachine, input, answer("open"))).toEqual([{ type: "CONNECTION.OPENED", id: "c", tools: [] }]);
    expect(sent(connectionMachine, input, opened)).toMatchObject([{ tools: ["read"] }]);
  });

  it("should begin alone where nobody spawned it", () => {
    const alone = { ...input, parent: undefined };
    expect(sent(connectionMachine, alone, opened)).toEqual([]);
    expect(sent(connectionMachine, alone, opened, { type: "CLOSE" })).toEqual([]);
    expect(sent(connectionMachine, alone, ...toForce, { type: "DEADLINE" })).toEqual([]);
  });
});

describe("a connection that closes", () => {
  it("should take an answer without evidence for something left", () => {
    const closing = [opened, { type: "CLOSE" }, answer("release")];
    expect(connection(...closing, answer("endInput")).value).toEqual({ closing: "terminating" });
    expect(connection(...closing, answer("endInput", gone)).value).toBe("closed");
  });

  it("should kill again after pauses that double, up to a second", () => {
    const pauses = [1, 2, 3, 7].map((times) => {
      const rounds = Array.from({ length: times }, () => [
        ...kill(left),
        { type: "xstate.after.killPause.connection.closing.forcing.pausing" },
      ]).flat();
      return deeds(connectionMachine, input, ...toForce, ...rounds.slice(0, -1)).join(", ");
    });
    expect(pauses.map((pause) => /in (\d+) ms/.exec(pause)?.[1])).toEqual(["20", "40", "80", "1000"]);
  });

  it("should tell its runtime once that it closes, and not again when it is tried again", () => {
    expect(sent(connectionMachine, input, opened, { type: "CLOSE" })).toEqual([
      { type: "CONNECTION.CLOSING", id: "c" },
    ]);
    expect(sent(connectionMachine, input, ...toForce, { type: "DEADLINE" }, { type: "RETRY" })).toEqual([]);
  });

  it("should tell its runtime what is leaked: a process, or a remote session only", () => {
    const closing = [opened, { type: "CLOSE" }, answer("release")];
    expect(sent(connectionMachine, input, ...toForce, { type: "DEADLINE" })).toMatchObject([
      { type: "CONNECTION.LEAKED", remoteOnly: false, wasOpen: true, at: undefined },
    ]);
    expect(sent(connectionMachine, input, ...closing, answer("endInput", remoteLeft))).toMatchObject([
      { type: "CONNECTION.LEAKED", remoteOnly: true, at: 7 },
    ]);
  });

  it("should not be given up as a remote session while a process is left, however often that was said goodbye to", () => {
    const again = [{ type: "RETRY" }, answer("release")];
    const four = Array.from({ length: 3 }, () => [...again, answer("endInput", remoteLeft)]).flat();
    const tried = [opened, { type: "CLOSE" }, answer("release"), answer("endInput", remoteLeft), ...four, ...again];
    expect(connection(...tried, answer("endInput", left)).value).toEqual({ closing: "terminating" });
    expect(connection(...tried, answer("endInput", remoteLeft)).output).toMatchObject({ how: "unconfirmed" });
  });

  it("should arm what is left of a deadline, and only once for the same", () => {
    const hurry = (at: number, deadline: number) => ({ type: "HURRY", at, deadline });
    const both = (killBy: number, deadline: number) => [
      "disarm killBy",
      "disarm deadline",
      `arm killBy: KILL_BY in ${killBy} ms`,
      `arm deadline: DEADLINE in ${deadline} ms`,
    ];
    expect(deeds(connectionMachine, input, opened, hurry(1_000, 31_000))).toEqual(both(27_000, 30_000));
    expect(deeds(connectionMachine, input, opened, hurry(1_000, 31_000), hurry(2_000, 11_000))).toEqual(
      both(6_000, 9_000),
    );
    const { deadline, budget } = connection(opened, hurry(0, 31_000)).context;
    expect(connection(opened, hurry(0, 31_000), hurry(27_000, 90_000)).context).toMatchObject({ deadline, budget });
  });
});

describe("the command after the proof", () => {
  const withCommand = { ...input, graces: { ...input.graces, afterCloseMs: 5_000 } };
  const proved = [opened, { type: "CLOSE" }, answer("release"), answer("endInput", gone)];

  it("should run within its limit, and within its share of the deadline", () => {
    expect(after(connectionMachine, withCommand, ...proved).value).toEqual({ closing: { afterClose: "running" } });
    const limit = (...steps: Step[]) =>
      deeds(connectionMachine, withCommand, ...steps).find((deed) => deed.includes("afterCloseLimit"));
    expect(limit(...proved)).toContain("in 5000 ms");
    expect(limit({ type: "HURRY", at: 0, deadline: 3_007 }, ...proved)).toContain("in 2000 ms");
  });

  it("should not be waited for where there is none", () => {
    expect(connection(...proved)).toMatchObject({ value: "closed", output: { how: "proved", at: 7 } });
  });

  it("should put off the end of the proof to when it is over", () => {
    const over = after(connectionMachine, withCommand, ...proved, answer("afterClose", { at: 9 }));
    expect(over).toMatchObject({ value: "closed", output: { how: "proved", at: 9 } });
  });
});
