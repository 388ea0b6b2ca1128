import { describe, expect, it } from "vitest";
import { Presence } from "../../src/gateway/sessions/presence.js";
import { VirtualClock } from "../../src/testing/simulation/virtual-clock.js";

function watched(lostMs: number) {
  const clock = new VirtualClock();
  let lost = 0;
  const presence = new Presence({ clock, lostMs, onLost: () => (lost += 1) });
  return { clock, presence, lost: () => lost };
}

describe("a client's presence", () => {
  it("should last for as long as a request or a stream is open, and for lostMs after the last one", async () => {
    const { clock, presence, lost } = watched(1_000);
    presence.enter();
    presence.enter();
    await clock.advanceBy(5_000);
    presence.leave();
    await clock.advanceBy(5_000);
    presence.leave();

    await clock.advanceBy(999);
    expect(lost()).toBe(0);

    await clock.advanceBy(1);
    expect(lost()).toBe(1);
    expect(presence.lastSeenAt).toBe(10_000);
  });

  it("should begin anew with each request", async () => {
    const { clock, presence, lost } = watched(1_000);
    for (let request = 0; request < 5; request += 1) {
      presence.enter();
      presence.leave();
      await clock.advanceBy(900);
    }

    expect(lost()).toBe(0);
  });

  it("should not be missed where lostMs is 0, nor once the session is over", async () => {
    const never = watched(0);
    const over = watched(1_000);
    for (const { presence } of [never, over]) {
      presence.enter();
      presence.leave();
    }
    over.presence.stop();
    over.presence.enter();
    over.presence.leave();

    for (const { clock, lost } of [never, over]) {
      await clock.advanceBy(1_000_000);
      expect([lost(), clock.pending]).toEqual([0, []]);
    }
  });
});
