import { describe, expect, test, vi } from "vitest";
import { noLogger } from "../../src/ports/index.js";
import { simulate } from "./simulated.js";

const virtual = { command: "virtual" };

describe("a servers function", () => {
  test("should be asked once by all who ask again after it failed (LP-09)", async () => {
    const { supervisor } = simulate();
    const servers = vi.fn<() => Promise<never>>().mockRejectedValue(new RangeError("no tenant"));
    const session = supervisor.session("chat", { servers });
    const twice = async () => await session.acquire().catch(() => session.acquire());
    const both = await Promise.allSettled([twice(), twice()]);
    expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(servers).toHaveBeenCalledTimes(2);
  });

  test("should not be asked by a reload before anybody needs its answer", async () => {
    const { supervisor, world, run } = simulate();
    const servers = vi.fn(() => ({ files: virtual }));
    const session = supervisor.session("chat", { servers });
    supervisor.reload({});
    await world.clock.settle();
    expect(servers).not.toHaveBeenCalled();
    await run(session.run((lease) => lease.client("files")));
    expect(servers).toHaveBeenCalledTimes(1);
  });

  test("should have its failure at a reload logged, with the session it is of", async () => {
    const error = vi.fn<(fields: object, message: string) => void>();
    const { supervisor, world } = simulate({}, { logger: { ...noLogger, error } });
    const servers = vi.fn(() => ({ files: virtual }));
    await supervisor.session("chat", { servers }).acquire();
    servers.mockImplementation(() => {
      throw new RangeError("no tenant");
    });
    supervisor.reload({});
    await world.clock.settle();
    expect(error.mock.calls).toEqual([[{ session: "chat", error: "no tenant" }, expect.any(String)]]);
  });

  test("should say whose servers they are where it gives something that is no configuration", async () => {
    const { supervisor } = simulate();
    const session = supervisor.session("chat", { servers: () => ({ files: { command: "" } }) });
    await expect(session.acquire()).rejects.toThrow(/^servers of session chat\.files\.command/);
  });

  test("should not replace, when it answers late, what the session was reloaded with", async () => {
    const { supervisor, run } = simulate();
    let answer: (servers: object) => void = () => undefined;
    const servers = () => new Promise<never>((resolve) => (answer = resolve as typeof answer));
    const session = supervisor.session("chat", { servers });
    const acquired = session.acquire();
    session.reload({ mail: virtual });
    answer({ files: virtual });
    const lease = await run(acquired);
    await run(lease.client("mail"));
    await expect(run(lease.client("files"))).rejects.toMatchObject({ code: "UNKNOWN_SERVER" });
  });
});

test("servers of a session should be checked when it is made", () => {
  const { supervisor } = simulate();
  expect(() => supervisor.session("chat", { servers: { files: { command: "" } } })).toThrow(/servers\.files\.command/);
});
