import { describe, expect, it, vi } from "vitest";
import { takeCensus } from "../../src/processes/census.js";
import { FakeTable } from "./fake-table.js";

const everyone = { bornSince: -Infinity };

describe("takeCensus", () => {
  it("should find the child of a process that was listed and gone before it was read", () => {
    const table = new FakeTable({ 10: {} });
    const read = table.read.bind(table);
    table.read = (pid) => {
      // It forks and exits in the moment between the listing and the reading.
      if (pid === 10 && table.processes.delete(10)) table.processes.set(11, {});
      return read(pid);
    };
    const census = takeCensus(table, everyone);
    expect([...census.processes.keys()]).toEqual([11]);
    expect(census.settled).toBe(true);
  });

  it("should find a process that is gone between its state and its environment as one that was never read", () => {
    const table = new FakeTable({ 10: {} });
    table.marks = ({ pid }) => {
      if (pid !== 10) return [];
      table.processes.delete(10);
      table.processes.set(11, {});
      return "gone";
    };
    expect([...takeCensus(table, everyone).processes.keys()]).toEqual([11]);
  });

  it.each(["zombie", "exiting"] as const)(
    "should find the child of a process that was %s when it was read",
    (state) => {
      const table = new FakeTable();
      table.beforeListing = (listing) => {
        if (listing === 2) table.processes.set(10, { state });
        if (listing === 3) table.processes.set(11, {});
      };
      expect([...takeCensus(table, everyone).processes.keys()]).toEqual([10, 11]);
    },
  );

  it("should find what a first listing passed by, though everybody in it could be read", () => {
    const table = new FakeTable({ 10: {} });
    table.beforeListing = (listing) => {
      if (listing === 2) table.processes.set(5, {});
    };
    expect([...takeCensus(table, everyone).processes.keys()]).toContain(5);
  });

  it("should call itself unsettled while somebody always vanishes unread, and end all the same", () => {
    const table = new FakeTable();
    table.beforeListing = (listing) => table.processes.set(1000 + listing, {});
    table.read = (pid) => {
      table.processes.delete(pid);
      return "gone";
    };
    table.marks = () => expect.fail("the environment of nobody was asked for");
    expect(takeCensus(table, everyone).settled).toBe(false);
  });

  it("should list twice, and read each process once, where everybody could be read, though somebody came between", () => {
    const table = new FakeTable({ 10: {} });
    const read = vi.spyOn(table, "read");
    table.beforeListing = (listing) => {
      if (listing === 2) table.processes.set(11, {});
    };
    expect([...takeCensus(table, everyone).processes.keys()]).toEqual([10, 11]);
    expect(table.listings).toBe(2);
    expect(read.mock.calls).toEqual([[10], [11]]);
  });

  it("should read an environment again that was missing during an exec", () => {
    const table = new FakeTable({ 10: { marks: "unsettled" } });
    table.beforeListing = (listing) => {
      if (listing === 3) table.processes.set(10, { marks: ["MCP_LIFECYCLE_a"] });
    };
    const census = takeCensus(table, everyone);
    expect(census.processes.get(10)?.cookies).toEqual(["MCP_LIFECYCLE_a"]);
    expect(census.settled).toBe(true);
  });

  it("should be unsettled while a process has no environment that could be read", () => {
    expect(takeCensus(new FakeTable({ 10: { marks: "unsettled" } }), everyone).settled).toBe(false);
  });

  it("should be settled where a process or its environment is kept from us for good", () => {
    const table = new FakeTable({ 10: { marks: "unreadable" }, 11: {} });
    const read = table.read.bind(table);
    table.read = (pid) => (pid === 11 ? "unreadable" : read(pid));
    const census = takeCensus(table, everyone);
    expect([...census.processes.values()]).toMatchObject([{ pid: 10, cookies: [] }]);
    expect(census.settled).toBe(true);
  });

  it("should not read the environment of who is older than the trees in question", () => {
    const table = new FakeTable({
      10: { startTime: "99", marks: ["MCP_LIFECYCLE_a"] },
      11: { startTime: "100", marks: ["MCP_LIFECYCLE_a"] },
    });
    const { processes } = takeCensus(table, { bornSince: 100 });
    expect(processes.get(10)?.cookies).toEqual([]);
    expect(processes.get(11)?.cookies).toEqual(["MCP_LIFECYCLE_a"]);
  });

  it("should read this process whatever its number: its group and session are nobody else's", () => {
    const table = new FakeTable({ [process.pid]: {}, [process.pid - 1]: {} });
    const { processes } = takeCensus(table, { ...everyone, lowestPid: process.pid + 1 });
    expect([...processes.keys()]).toEqual([process.pid]);
  });
});
