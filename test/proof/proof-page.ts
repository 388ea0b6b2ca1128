import { leakPaths } from "../scenarios/catalogue.js";
import { readScenarios } from "../scenarios/support/scenario-files.js";
import { assumptions, introduction, invariants, replay, unproved } from "./claims.js";
import { defectFacts, explorationFacts, livesFacts, mutatedParts, mutationFacts } from "./facts.js";
import { explored } from "./explored.js";
import { wordFor } from "./survivors.js";

/** The text of `docs/proof.md`, from what is claimed and what was measured last. */
export function proofPage(): string {
  const sections = [
    introduction,
    section("What is proved, and by what", invariants),
    section("Exploration", explorationTable()),
    section("Lives", livesText()),
    section("Scenarios", scenariosText()),
    section("Deliberate defects", defectsText()),
    section("Mutants", mutantsText()),
    section("What is assumed", assumptions),
    section("What is not proved", unproved),
    section("To see it again", replay),
  ];
  return `${sections.join("\n\n")}\n`;
}

function section(heading: string, text: string): string {
  return `## ${heading}\n\n${text}`;
}

function explorationTable(): string {
  const rows = explored.map((name) => {
    const facts = explorationFacts(name);
    if (facts === undefined) return [name, "not measured yet", "", "", "", ""];
    const { bound, isComplete, states, transitions, runs } = facts;
    return [name, bound, isComplete ? "all" : "until time was up", states, transitions, runs === 0 ? "" : runs];
  });
  return `Breadth-first, so that what is found first has the shortest path; in every state every event that can arrive there, every timer.\n\n${table(
    ["what", "bound", "reached", "states", "transitions", "lives begun anew"],
    rows,
  )}`;
}

function livesText(): string {
  const worlds = [
    { world: "simulated", where: "in the simulated world" },
    { world: "real", where: "on real processes and sockets" },
  ] as const;
  return worlds
    .map(({ world, where }) => {
      const facts = livesFacts(world);
      if (facts === undefined) return `Lives ${where}: not measured yet.`;
      const { lives, seed, reached } = facts;
      return `${lives} lives ${where}, seed ${seed}:\n\n${reached
        .split("\n")
        .map((line) => `- ${line}`)
        .join("\n")}`;
    })
    .join("\n\n");
}

function scenariosText(): string {
  const scenarios = readScenarios();
  const covered = new Set(scenarios.map(({ id }) => id));
  const pending = leakPaths.filter(({ id }) => !covered.has(id)).map(({ id }) => id);
  const simulated = scenarios.filter(({ isSimulated }) => isSimulated).length;
  return `${scenarios.length} scenarios, ${simulated} of them in the simulated world, for ${covered.size} of ${leakPaths.length} [leak paths](leak-paths.md). ${pending.length === 0 ? "None is pending." : `Pending: ${pending.join(", ")}.`}`;
}

function defectsText(): string {
  const rows = defectFacts().map(({ id, what, file, survey }) => {
    const caught = Object.entries(survey).flatMap(([layer, found]) =>
      found === null ? [] : [[layer, found] as const],
    );
    const [first] = caught;
    return [
      id,
      what,
      file.replace("src/", ""),
      caught.map(([layer]) => layer).join(", "),
      first?.[1].counterexample ?? "",
    ];
  });
  return `${rows.length} defects, each an edit of one source, and the layers that were seen to catch it, with the counterexample of the first.\n\n${table(
    ["defect", "what it does", "in", "caught by", "counterexample"],
    rows,
  )}`;
}

function mutantsText(): string {
  const measured = mutationFacts();
  if (measured.length === 0) return "Not measured yet.";
  const missing = mutatedParts.filter((part) => measured.every((facts) => facts.part !== part));
  const total = {
    part: "together",
    files: sum("files"),
    tested: sum("tested"),
    caught: sum("caught"),
    timedOut: sum("timedOut"),
  };
  const rows = [...measured, ...(measured.length > 1 ? [total] : [])].map(
    ({ part, files, tested, caught, timedOut }) => [
      part,
      files,
      tested,
      caught,
      `${((100 * caught) / tested).toFixed(1)} %`,
      timedOut,
    ],
  );
  const long = measured.filter(({ withLongTests }) => withLongTests).map(({ part }) => part);
  const untested = [
    ...measured.flatMap((facts) => facts.untested),
    ...missing.map((part) => `the closing parts of src/${part}`),
  ];
  const survivors = measured.flatMap((facts) =>
    facts.survivors.map((survivor) => [
      survivor.file.replace("src/", ""),
      code(survivor.original),
      code(survivor.replacement),
      wordFor(survivor),
    ]),
  );
  return [
    `Every mutant that Stryker makes of these files, but those of literal text and those that are made once when a file is loaded; each was tried with the tests of its part that run within one process and are short${long.length === 0 ? "" : `, and what these let through of ${long.join(", ")} with the long ones, too: explorations, simulated lives, real servers`}. All of it runs in a PID namespace of its own, because a changed killer may take anybody for its own.`,
    table(["of", "files", "mutants", "caught", "score", "of these by a time limit"], rows),
    untested.length === 0 ? "" : `Not measured: ${untested.join(", ")}.`,
    "The survivors:",
    table(["in", "was", "became", "word"], survivors),
  ]
    .filter((text) => text !== "")
    .join("\n\n");

  function sum(what: "files" | "tested" | "caught" | "timedOut"): number {
    return measured.reduce((before, facts) => before + facts[what], 0);
  }
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.map(cell).join(" | ")} |`).join("\n");
}

function cell(value: string | number): string {
  return String(value).replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("\n", " ");
}

function code(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").replaceAll("`", "'");
  return `\`${line.length > 80 ? `${line.slice(0, 80)}…` : line}\``;
}
