import { and, createMachine, not, or, setup } from "xstate";
import { describe, expect, it } from "vitest";
import { documentedLike, type DocumentedMachine } from "../../src/diagrams/index.js";
import { machinePage } from "../../src/diagrams/machine-page.js";
import { sessionMachine } from "../../src/machines/index.js";
import { readMachine } from "../../src/diagrams/read-machine.js";

function pageOf(documented: DocumentedMachine): string {
  return machinePage(documented, [documented.machine.id]);
}

describe("guards that are made of others", () => {
  it.each([
    [and(["a", or(["b", "c"])]), "a and (b or c)"],
    [or([and(["a", "b"]), "c"]), "(a and b) or c"],
    [not(or(["a", "b"])), "not (a or b)"],
    [and([not("a"), "b"]), "not a and b"],
  ])("should be read in one way only (%#)", (guard, text) => {
    const machine = createMachine({ id: "m", initial: "s", states: { s: { always: { guard, target: "t" } }, t: {} } });
    expect(readMachine(machine).transitions[0]?.guard?.name).toBe(text);
  });
});

describe("events by wildcard", () => {
  const page = pageOf({
    machine: createMachine({
      id: "m",
      initial: "s",
      states: {
        s: {
          on: { "key.*": { actions: "wide" }, "key.up.*": { actions: "narrow" }, "key.up.now": "t", "*": "t" },
        },
        t: { on: { key: "s", "key.up.later": "s" } },
      },
    }),
  });

  it("should have a row for what no other event is", () => {
    expect(page).toContain("| `any other event` | `s` | to `t` |");
    expect(page).toContain("| `any other event` | `t` | not handled |");
  });

  it("should be answered by the narrowest, and by the prefix alone, as XState does", () => {
    expect(page).toContain("| `key.up.later` | `s` | `narrow` |");
    expect(page).toContain("| `key` | `s` | `wide` |");
  });
});

it("words of a description should stand in a table as they are", () => {
  const states = { s: { description: "a <tag>,\n  `code` and a | bar" } };
  expect(pageOf({ machine: createMachine({ id: "m", initial: "s", states }) })).toContain(
    "a &lt;tag>, `code` and a \\| bar",
  );
});

describe("delays that only a running machine knows", () => {
  const machine = setup({ delays: { limit: ({ context }) => (context as { ms: number }).ms } }).createMachine({
    id: "m",
    initial: "ending",
    states: {
      ending: { tags: "terminal", initial: "a", states: { a: { after: { limit: "#m.gone" } } } },
      gone: { type: "final" },
    },
  });

  it("should not be said to have no limit", () => {
    expect(pageOf({ machine })).toContain("| `ending.a` | `limit` | known when it runs |");
    expect(pageOf({ machine })).toContain("| **to `gone`** | **at most** | **known when it runs** |");
  });

  it("should be left open where they throw", () => {
    const thrower = machine.provide({
      delays: {
        limit: () => {
          throw new TypeError("no such field");
        },
      },
    });
    expect(pageOf({ machine: thrower, input: {} })).toContain("| `limit` | known when it runs |");
  });

  it("should be left open in a machine that wants more than the one of ours that it extends", () => {
    const { config, implementations } = sessionMachine;
    const context = ({ input }: { input: unknown }) => ({ ms: (input as { mine: { ms: number } }).mine.ms });
    const demanding = createMachine({ ...config, context } as never, implementations as never);

    const page = pageOf(documentedLike(demanding));
    expect(page).toContain("| `drainLimit` | known when it runs |");
    expect(page).toContain("**known when it runs**");
  });
});
