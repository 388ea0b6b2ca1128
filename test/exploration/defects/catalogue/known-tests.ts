import type { TestSelection } from "../run-tests.js";

/** Where defects are known to be caught. */

export const structure: TestSelection = { file: "test/machines/structure.test.ts" };

export const connectionAlone: TestSelection = { file: "test/exploration/connection.test.ts" };
export const sessionAlone: TestSelection = { file: "test/exploration/session.test.ts" };
export const composed: TestSelection = {
  file: "test/exploration/composed.test.ts",
  title: "one process server, everything that can happen",
};

export const wakeOfAnswers: TestSelection = {
  file: "test/exploration/composed.test.ts",
  title: "one process server that dies, an end in the wake of answers",
};

export const endableWorld: TestSelection = {
  file: "test/properties/supervisor.test.ts",
  title: "should close everything in a world that can be ended",
};
export const anyWorld: TestSelection = {
  file: "test/properties/supervisor.test.ts",
  title: "should close everything within reach once the world has recovered, in any world",
};

export function supervisorTest(name: string, title: string): TestSelection {
  return { file: `test/supervisor/${name}.test.ts`, title };
}

export function processTest(name: string, title: string): TestSelection {
  return { file: `test/processes/${name}.test.ts`, title };
}

export function transportTest(name: string, title: string): TestSelection {
  return { file: `test/transports/${name}.test.ts`, title };
}

export function recoveryTest(name: string, title: string): TestSelection {
  return { file: `test/recovery/${name}.test.ts`, title };
}

export function simulationTest(name: string, title: string): TestSelection {
  return { file: `test/testing/simulation/${name}.test.ts`, title };
}

export function matrixCell(title: string): TestSelection {
  return { file: "test/real/matrix.test.ts", title };
}

export function scenarioOf(leakPath: string, title?: string): TestSelection {
  return { file: `test/scenarios/${leakPath}.test.ts`, title };
}
