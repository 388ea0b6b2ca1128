import type * as Runner from "@vitest/runner";
import { expect, vi } from "vitest";
import type * as InnerVitest from "./inner-vitest.js";
import { type ModuleGraph, projectRoot } from "./patched-sources.js";
import { unobservedWhile } from "./unobserved.js";

/** Tests of one file; all, or those whose title contains a text. */
export interface TestSelection {
  /** Path from the root of the project. */
  readonly file: string;
  readonly title?: string | undefined;
}

/** What became of a selection of tests; it is left at the first failure. */
export interface TestOutcome {
  readonly passed: number;
  /** The first failure; a rejection that nobody observed is one. */
  readonly failure: TestFailure | undefined;
}

export interface TestFailure {
  readonly title: string;
  readonly message: string;
}

/** Runs tests of the project on the modules of a graph, with a runner of that graph's own. */
export async function runTests(graph: ModuleGraph, { file, title }: TestSelection): Promise<TestOutcome> {
  const { startTests } = await graph.import<typeof Runner>("@vitest/runner");
  const { config, lend } = await graph.import<typeof InnerVitest>("vitest");
  lend({ expect, vi });
  let hasFailed = false;
  const runner: Runner.VitestRunner = {
    config,
    importFile: (path) => graph.import(path),
    onBeforeRunTask: (test) => {
      if (hasFailed) test.mode = "skip";
    },
    onAfterRunTask: ({ result }) => {
      hasFailed ||= result?.state === "fail";
    },
  };
  const filepath = `${projectRoot}${file}`;
  const testNamePattern = title === undefined ? undefined : new RegExp(title.replaceAll(/[^\w ]/g, "\\$&"));
  const { result: files, unobserved } = await unobservedWhile(() =>
    startTests([{ filepath, testNamePattern }], runner),
  );
  const tasks = files.flatMap(withDescendants);
  const unloaded = files.find(({ tasks: tests, result: loading }) => tests.length === 0 && loading?.state === "fail");
  if (unloaded) throw new Error(`${file} could not be loaded: ${failureOf(unloaded)?.message}`);
  return {
    passed: tasks.filter(({ type, result }) => type === "test" && result?.state === "pass").length,
    failure: tasks.map(failureOf).find((failure) => failure !== undefined) ?? unobserved.map(rejected)[0],
  };
}

function withDescendants(task: Runner.Task): readonly Runner.Task[] {
  return "tasks" in task ? [task, ...task.tasks.flatMap(withDescendants)] : [task];
}

function failureOf({ name, result }: Runner.Task): TestFailure | undefined {
  const [error] = result?.errors ?? [];
  if (error === undefined) return undefined;
  // Messages of expectations are shortened; where there was to be nothing, what there is says it all.
  const isThereInstead = error.expected === "undefined" || error.expected === "[]";
  return { title: name, message: isThereInstead ? String(error.actual) : error.message };
}

function rejected(reason: unknown): TestFailure {
  return { title: "no rejection should be unobserved", message: String(reason) };
}
