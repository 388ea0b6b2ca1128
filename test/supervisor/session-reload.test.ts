import { expect, test } from "vitest";
import { simulate } from "./simulated.js";

const virtual = { command: "virtual" };

test("a session's reload should replace what changed for it alone, and stand against the supervisor's", async () => {
  const { world, supervisor, run } = simulate({ files: {}, web: {} });
  const session = supervisor.session("one");
  const other = supervisor.session("two");
  for (const each of [session, other]) await run(each.run((lease) => lease.catalog()));
  const before = world.truth.liveProcesses();

  session.reload({ files: virtual, web: { ...virtual, args: ["--changed"] } });
  await run(session.run((lease) => lease.client("web")));

  const after = world.truth.liveProcesses();
  expect(after).toHaveLength(4);
  expect(before.filter((process) => !after.includes(process))).toHaveLength(1);
  supervisor.reload({});
  await world.clock.advanceBy(10_000);
  expect(world.truth.liveProcesses(), "the other session's are gone, its own stay").toHaveLength(2);
});

test("a session's reload should count for its next generation, and for one whose servers a function chose", async () => {
  const { supervisor, run } = simulate({ files: {}, web: {} });
  const session = supervisor.session("one", { servers: () => ({ files: virtual }) });
  await run(session.run((lease) => lease.client("files")));

  session.reload({ web: virtual });

  const { next } = await run(session.reset());
  await run(next.run((lease) => lease.client("web")));
  await expect(run(next.run((lease) => lease.client("files")))).rejects.toMatchObject({ code: "UNKNOWN_SERVER" });
  expect(() => next.reload({ bad: {} as never })).toThrow("servers.bad");
});
