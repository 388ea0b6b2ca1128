import { describe, expect, it } from "vitest";
import { parseProcStat } from "../../src/processes/proc-stat.js";

// Recorded on Linux 6.18, with what is tested changed.
const numbers =
  "0 -1 4194304 97 0 0 0 0 0 0 0 20 0 1 0 159982 3133440 362 18446744073709551615 93888222072832 93888222092713";
const rest =
  "140722187114752 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 93888222108720 93888222110336 93888520916992 140722187119321";
const recorded = `5708 (cat) R 5700 5690 2231 ${numbers} ${rest} 140722187119341 140722187119341 140722187120619 0\n`;

describe("parseProcStat", () => {
  it("should read parent, group, session and start time", () => {
    expect(parseProcStat(recorded)).toMatchObject({
      pid: 5708,
      name: "cat",
      ppid: 5700,
      pgid: 5690,
      sid: 2231,
      startTime: "159982",
      state: "running",
    });
  });

  it("should not be misled by a name with spaces, parentheses and numbers", () => {
    const stat = parseProcStat(recorded.replace("(cat)", "(a) Z 1 1 (b c)"));
    expect(stat).toMatchObject({ name: "a) Z 1 1 (b c", ppid: 5700, state: "running" });
  });

  it("should tell a zombie from a program whose first thread has ended while others run", () => {
    expect(parseProcStat(recorded.replace(" R ", " Z ")).state).toBe("zombie");
    expect(parseProcStat(recorded.replace(" R ", " Z ").replace(" 20 0 1 0 ", " 20 0 4 0 ")).state).toBe("running");
  });

  it("should know threads of the kernel by their flag, not by their parent", () => {
    expect(parseProcStat(recorded.replace(" 4194304 ", " 69238880 ")).state).toBe("kernel");
    expect(parseProcStat(recorded.replace(" R 5700 ", " R 2 ")).state).toBe("running");
  });

  it("should tell a process that is exiting, unless only one of its threads is", () => {
    const exiting = recorded.replace(" 4194304 ", " 4194308 ");
    expect(parseProcStat(exiting).state).toBe("exiting");
    expect(parseProcStat(exiting.replace(" R ", " Z ")).state).toBe("zombie");
    expect(parseProcStat(exiting.replace(" 20 0 1 0 ", " 20 0 4 0 ")).state).toBe("running");
  });

  it("should tell an empty environment from none, and from one that is not empty", () => {
    const [start, end] = ["140722187119341 140722187120619 0\n", "140722187120619 0\n"];
    expect(parseProcStat(recorded).hasEmptyEnvironment).toBe(false);
    expect(parseProcStat(recorded.replace(start, "0 0 0\n")).hasEmptyEnvironment).toBe(false);
    expect(parseProcStat(recorded.replace(end, "140722187119341 0\n")).hasEmptyEnvironment).toBe(true);
  });
});
