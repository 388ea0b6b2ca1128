import { leakPaths } from "../scenarios/catalogue.js";
import { readScenarios } from "../scenarios/support/scenario-files.js";
import { assumptions, introduction, invariants, replay, unproved } from "./claims.js";
import { defectFacts, explorationFacts, livesFacts, mutationFacts } from "./facts.js";
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
  const facts = mutationFacts();
  if (facts === undefined) return "Not measured yet.";
  const { windows, tested, caught, timedOut, remark = "", survivors } = facts;
  const which =
    windows === 0 ? `All ${tested} mutants` : `A sample of ${tested} mutants, in ${windows} places chosen at random,`;
  const score = ((100 * caught) / tested).toFixed(1);
  const rows = survivors.map((survivor) => [
    survivor.file.replace("src/", ""),
    code(survivor.original),
    code(survivor.replacement),
    wordFor(survivor),
  ]);
  return `${which} were tested, without those of literal text and those that are made once when a file is loaded; ${caught} were caught (${score} %), ${timedOut} of these by a time limit. ${remark === "" ? "" : `${remark} `}The survivors:\n\n${table(
    ["in", "was", "became", "word"],
    rows,
  )}`;
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
