import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

// Stryker brings 250 packages that nobody else needs: installed when it runs, not by `npm ci`. 9 is the last major for Node 20.
const packages = ["@stryker-mutator/core@9.6.1", "@stryker-mutator/vitest-runner@9.6.1"];
const config = "test/mutation/stryker.config.json";
const output = ".stryker-tmp/mutation.json";
const windowLines = 12;

/** What ends things: all machines, all of the supervisor, and the closing parts of transports and processes. */
const mutated = [
  ...sourcesIn("src/machines"),
  ...sourcesIn("src/supervisor"),
  ...[
    "client-life",
    "http-session",
    "in-memory-handle",
    "sse-handle",
    "stdio-handle",
    "stdio-server",
    "streamable-http-handle",
  ].map((name) => `src/transports/${name}.ts`),
  ...["census", "census-queue", "end-tree", "find-members", "kill-sync", "signal-members", "tree-record"].map(
    (name) => `src/processes/${name}.ts`,
  ),
];

const { values } = parseArgs({
  options: { windows: { type: "string", default: "0" }, seed: { type: "string", default: "1" } },
});
const windows = Number(values.windows);
const random = randomFrom(Number(values.seed));

run("npm", ["install", "--no-save", "--no-audit", "--no-fund", ...packages]);
const ranges = windows === 0 ? mutated : Array.from({ length: windows }, randomWindow);
run("npx", ["stryker", "run", config, "--mutate", ranges.join(",")]);
writeFacts(JSON.parse(readFileSync(output, "utf8")));

function sourcesIn(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith(".ts") && name !== "index.ts");
  return names.map((name) => `${folder}/${name}`);
}

/** A line of any file is as likely as any other to be the first. */
function randomWindow() {
  const sizes = mutated.map((file) => [file, readFileSync(file, "utf8").split("\n").length]);
  let line = Math.floor(random() * sizes.reduce((sum, [, lines]) => sum + lines, 0));
  for (const [file, lines] of sizes) {
    if (line < lines) return `${file}:${line + 1}-${Math.min(lines, line + windowLines)}`;
    line -= lines;
  }
  throw new Error("there is no such line");
}

/** mulberry32: small, and the same everywhere. */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  if (status !== 0) throw new Error(`${command} ${args[0]} ended with ${status ?? error?.message}`);
}

/** A mutant that no test reaches survives, too. What cannot be switched within a process is left out. */
function writeFacts({ files }) {
  const mutants = Object.entries(files).flatMap(([file, { source, mutants: of }]) =>
    of.map((mutant) => ({ ...mutant, file, original: textAt(source, mutant.location) })),
  );
  const counted = mutants.filter(({ status }) => ["Killed", "Timeout", "Survived", "NoCoverage"].includes(status));
  const survivors = counted
    .filter(({ status }) => status === "Survived" || status === "NoCoverage")
    .map(({ file, original, replacement }) => ({ file, original, replacement }));
  const facts = {
    windows,
    tested: counted.length,
    caught: counted.length - survivors.length,
    timedOut: counted.filter(({ status }) => status === "Timeout").length,
    survivors,
  };
  const folder = process.env.PROOF_FACTS ?? ".stryker-tmp";
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/mutation.json`, `${JSON.stringify(facts, undefined, 2)}\n`);
  process.stdout.write(`${facts.caught} of ${facts.tested} mutants were caught\n`);
}

function textAt(source, { start, end }) {
  const lines = source.split("\n").slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column - 1);
  lines[0] = lines[0].slice(start.column - 1);
  return lines.join("\n");
}
