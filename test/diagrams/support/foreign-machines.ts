import {
  and,
  assign,
  createMachine,
  fromCallback,
  fromPromise,
  not,
  or,
  raise,
  sendTo,
  setup,
  spawnChild,
  stateIn,
} from "xstate";

const nothing = fromPromise(async () => {});
const listener = fromCallback(() => {});

/** Machines that are not ours: what XState's definitions can say, and ours do not. */
export const foreignMachines = {
  "regions that are active together, with an end of all": createMachine({
    id: "player",
    type: "parallel",
    states: {
      sound: { initial: "on", states: { on: { on: { MUTE: "off" } }, off: { on: { MUTE: "on" } } } },
      picture: {
        initial: "playing",
        states: {
          playing: { on: { PAUSE: "paused", STOP: "over" } },
          paused: { on: { PAUSE: "playing" } },
          over: { type: "final" },
        },
      },
    },
    on: { STOP: { actions: "note" } },
  }),
  "history, shallow and deep, with defaults of both kinds": createMachine({
    id: "editor",
    initial: "editing",
    states: {
      editing: {
        initial: "text",
        on: { HELP: "help" },
        states: {
          text: { initial: "plain", on: { SWITCH: "drawing" }, states: { plain: { on: { BOLD: "bold" } }, bold: {} } },
          drawing: { on: { SWITCH: "text" } },
          last: { type: "history", target: "drawing" },
          lastDeep: { type: "history", history: "deep", target: "#editor.editing.text" },
        },
      },
      help: { on: { BACK: "editing.last", BACK_DEEP: "#editor.editing.lastDeep" } },
    },
  }),
  "conditions that lead on at once": createMachine({
    id: "gauge",
    initial: "asking",
    states: {
      asking: {
        always: [
          { guard: "isHigh", target: "high" },
          { guard: "isLow", target: "low", actions: "log" },
          { target: "middle" },
        ],
      },
      high: { always: { guard: "isLow", target: "low" } },
      middle: {},
      low: {},
    },
  }),
  "transitions to oneself, with and without entering again": createMachine({
    id: "counter",
    initial: "counting",
    states: {
      counting: {
        on: {
          STAY: { actions: "add" },
          SELF: "counting",
          AGAIN: { target: "counting", reenter: true, actions: ["reset", "add"] },
        },
        initial: "one",
        states: {
          one: { on: { UP: { target: "#counter.counting", reenter: true }, NEXT: "two" } },
          two: { on: { NEXT: "two" } },
        },
      },
    },
  }),
  "wildcards, and events that are forbidden": createMachine({
    id: "router",
    initial: "open",
    on: { "*": { actions: "complain" }, "mouse.*": ".closed" },
    states: {
      open: { on: { "*": "closed", KEEP: {}, "key.*": { target: "open" } } },
      closed: { on: { KEEP: undefined, "mouse.*": undefined } },
    },
  }),
  "six levels deep, with jumps between them": createMachine({
    id: "onion",
    initial: "a",
    on: { IN: ".a.b.c.d.e", OUT: { target: ".z" } },
    states: {
      a: {
        initial: "b",
        states: {
          b: {
            initial: "c",
            states: {
              c: {
                initial: "d",
                states: {
                  d: {
                    initial: "e",
                    on: { RISE: "#onion.a" },
                    states: { e: { on: { FAR: "#onion.z", UP: "#onion.a.b" } }, f: { type: "final" } },
                    onDone: "#onion.a.b.other",
                  },
                },
              },
              other: {},
            },
          },
        },
      },
      z: { on: { DOWN: "a.b.c" } },
    },
  }),
  "several invokes in a state, without ids and inline": createMachine({
    id: "busy",
    initial: "working",
    states: {
      working: {
        invoke: [
          { src: "first", onDone: "done", onError: { target: "failed", actions: "log" } },
          {
            src: "second",
            id: "two",
            onDone: [{ guard: "isGood", target: "done" }, { target: "failed" }],
            onSnapshot: { actions: "watch" },
          },
          { src: nothing, id: "three", onError: "failed" },
          { src: listener },
        ],
      },
      done: { type: "final", output: { result: 1 } },
      failed: { type: "final" },
    },
  }),
  "delays by number, name and function": setup({
    delays: { soon: 50, later: ({ context }) => (context as { ms: number }).ms },
    actors: { worker: nothing },
  }).createMachine({
    id: "clock",
    context: { ms: 7 },
    initial: "waiting",
    states: {
      waiting: {
        entry: raise({ type: "TICK" }, { delay: 10, id: "tick" }),
        after: {
          1000: "late",
          soon: { target: "waiting", reenter: true },
          later: [{ guard: () => true, target: "late" }, { actions: "log" as never }],
        },
        on: { TICK: "late" },
      },
      late: { entry: spawnChild("worker", { id: "w" }), exit: sendTo("w", { type: "STOP" }) },
    },
  }),
  "guards made of guards, inline ones, and inline actions": createMachine({
    id: "judge",
    context: { count: 0 },
    initial: "asking",
    states: {
      asking: {
        on: {
          ASK: [
            { guard: and(["isA", not("isB")]), target: "yes" },
            { guard: or(["isC", stateIn("asking")]), target: "no" },
            { guard: { type: "isMode", params: { mode: "x" } }, target: "yes" },
            { guard: { type: "isMode", params: { mode: "y" } }, target: "no" },
            {
              guard: () => false,
              target: "no",
              actions: [assign({ count: 1 }), () => {}, { type: "tell", params: { what: "it" } }],
            },
          ],
        },
      },
      yes: {},
      no: {},
    },
  }),
  "more states than a picture holds, one of them a whole machine of regions": createMachine({
    id: "big",
    initial: "s0",
    on: { HOME: ".s0", DEEP: ".nested.left.l2" },
    states: {
      ...Object.fromEntries(
        Array.from({ length: 9 }, (_, index) => [
          `s${index}`,
          {
            on: { NEXT: index === 8 ? "nested" : `s${index + 1}`, ODD: { target: "nested.right.r2", guard: "isOdd" } },
          },
        ]),
      ),
      nested: {
        type: "parallel",
        on: { RESET: { target: "nested", reenter: true } },
        onDone: "end",
        states: {
          left: {
            initial: "l1",
            states: { l1: { on: { GO: "l2" } }, l2: { on: { GO: "l3" } }, l3: { type: "final" } },
          },
          right: {
            initial: "r1",
            states: { r1: { after: { 5: "r2" } }, r2: { on: { BACK: "r1", OUT: "#big.s0" } }, r3: { type: "final" } },
          },
        },
      },
      end: { type: "final" },
    },
  }),
};
