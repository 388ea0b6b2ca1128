import * as fc from "fast-check";

/** The servers that every session is configured with. */
export const serverNames = ["a", "b"] as const;

/** What a reload makes of one server. */
const edits = ["same", "changed", "required", "removed"] as const;

export const anyKey = fc.constantFrom("one", "one", "one", "two");
export const anyServer = fc.constantFrom(...serverNames);
const anyEdit = fc.constantFrom(...edits);

/** What a host can do to a supervisor in a world of any kind. */
export const hostCommands = {
  open: fc.record({ do: fc.constant("open"), key: anyKey, server: anyServer }),
  call: fc.record({ do: fc.constant("call"), key: anyKey, server: anyServer }),
  release: fc.record({ do: fc.constant("release"), key: anyKey }),
  sleep: fc.record({ do: fc.constant("sleep"), key: anyKey }),
  retire: fc.record({ do: fc.constant("retire"), key: anyKey, required: fc.boolean() }),
  reset: fc.record({ do: fc.constant("reset"), key: anyKey }),
  reload: fc.record({
    do: fc.constant("reload"),
    edits: fc.record({ a: anyEdit, b: anyEdit }),
    version: fc.nat(9),
  }),
};

export type Reload = typeof hostCommands.reload extends fc.Arbitrary<infer R> ? R : never;
