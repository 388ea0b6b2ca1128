import { describe, expect, it, onTestFinished } from "vitest";
import { ConfigError } from "../../../src/errors/index.js";
import { createSupervisor } from "../../../src/index.js";
import { chooseContainment } from "../../../src/processes/containment/choose-containment.js";
import { createProcessHost } from "../../../src/processes/index.js";
import { canUseCgroups } from "./levels.js";

const nowhere = "/no/such/cgroup";

describe("the level of containment", () => {
  it("should be a group, silently, where `auto` finds no cgroup to write to", () => {
    expect(levelsOf({ choice: "auto", platform: "linux", base: nowhere })).toEqual(["group"]);
  });

  it.runIf(canUseCgroups)("should be a cgroup where `auto` finds one, and a group for what that cannot hold", () => {
    expect(levelsOf({ choice: "auto", platform: "linux" })).toEqual(["cgroup", "group"]);
    expect(levelsOf({ choice: "cgroup", platform: "linux" })).toEqual(["cgroup"]);
  });

  it("should be what the platform has elsewhere", () => {
    expect(levelsOf({ choice: "auto", platform: "darwin" })).toEqual(["group"]);
    expect(levelsOf({ choice: "auto", platform: "win32" })).toEqual(["job"]);
  });

  it.each([
    [{ choice: "cgroup", platform: "linux", base: nowhere }, /Delegate=yes, or say "auto"/],
    [{ choice: "cgroup", platform: "darwin" }, /needs Linux/],
    [{ choice: "namespace", platform: "win32" }, /needs Linux/],
  ] as const)(
    "should be refused, naming the field and what to do, where it is named and cannot be had: %o",
    (options, saying) => {
      expect(() => chooseContainment(options)).toThrow(ConfigError);
      expect(() => chooseContainment(options)).toThrow(saying);
      expect(() => chooseContainment(options)).toThrow(/^containment: /);
    },
  );

  it("should be one of those that there are", () => {
    expect(() => createSupervisor({ containment: "jail" as "auto" })).toThrow(/^options\.containment: /);
  });

  it.runIf(process.platform === "linux")(
    "should be said by inspect() and by the receipt, for each connection",
    async () => {
      const supervisor = createSupervisor({ servers: { server: { command: "cat" } }, signals: false });
      onTestFinished(async () => void (await supervisor.shutdown()));
      const session = supervisor.session("chat");
      const opening = session.run((lease) => lease.client("server")).catch(() => undefined);
      for (let pid: number | undefined; pid === undefined;) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        pid = supervisor.inspect().sessions[0]?.connections[0]?.pid;
      }
      const { containment } = createProcessHost();
      expect(supervisor.inspect().sessions[0]?.connections).toMatchObject([{ containment }]);
      const receipt = await session.end();
      await opening;
      expect(receipt.connections).toMatchObject([{ containment, outcome: "closed" }]);
    },
  );
});

function levelsOf(options: Parameters<typeof chooseContainment>[0]): string[] {
  return chooseContainment(options).map(({ level }) => level);
}
