import { describe, expect, it } from "vitest";
import { createPsProcessTable, type RunPs } from "../../src/processes/ps-process-table.js";

// What `ps` of macOS writes, whose sessions are kernel pointers; the 777 is the `ps` itself.
const processes = `
    1     0     1      0 Ss   Mon Nov 23 08:00:00 2026     /sbin/launchd
  501     1   501      0 Ss   Mon Nov 23 09:15:01 2026     /usr/local/bin/node /srv/server.js --name "a b"
  502   501   501      0 Z    Mon Nov  2 09:15:02 2026     (node)
  777   400   777      0 R+   Mon Nov 23 10:00:00 2026     ps -A -ww -o pid=,ppid=,pgid=,sess=,stat=,lstart=,command=
`;
const environments = `
    1 /sbin/launchd
  501 /usr/local/bin/node /srv/server.js --name "a b" PATH=/usr/bin MCP_LIFECYCLE_abc=1 HOME=/Users/x
  502 (node)
`;
const run: RunPs = (args) => {
  const asked = args.includes("-p") ? line(args.at(-1) ?? "") : processes;
  return { pid: 777, output: args.includes("-E") ? environments : asked };
};
const line = (pid: string) => processes.split("\n").find((text) => text.trim().startsWith(`${pid} `)) ?? "";

describe("the process table that ps tells", () => {
  const table = createPsProcessTable({ run });

  it("should list everything but the ps itself", () => {
    expect(table.pids()).toEqual([1, 501, 502]);
  });

  it("should read a process, its session unknown", () => {
    expect(table.read(501)).toMatchObject({ pid: 501, ppid: 1, pgid: 501, sid: 0, state: "running" });
    expect(table.read(502)).toMatchObject({ state: "zombie", startTime: "Mon Nov 2 09:15:02 2026" });
    expect(table.read(9)).toBe("gone");
  });

  it("should know the session where the system tells it, as FreeBSD does", () => {
    const freeBsd = createPsProcessTable({
      run: () => ({ pid: 1, output: processes.replace("501      0 Ss", "501    501 Ss") }),
    });
    freeBsd.pids();
    expect(freeBsd.read(501)).toMatchObject({ sid: 501 });
  });

  it("should find cookies behind the command line", () => {
    const entry = table.read(501);
    expect(typeof entry === "string" ? entry : table.marks(entry)).toEqual(["MCP_LIFECYCLE_abc"]);
  });

  it("should identify one process by a reading of its own", () => {
    expect(table.startTimeOf(501)).toBe("Mon Nov 23 09:15:01 2026");
    expect(table.startTimeOf(9)).toBeUndefined();
  });

  it("should order start times", () => {
    expect(table.ageOrder("Mon Nov 23 09:15:01 2026")).toBeGreaterThan(table.ageOrder("Mon Nov 2 09:15:02 2026"));
  });
});
