import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

// Tests whether tests notice what Stryker changes, part by part, and writes down what that came to. What has been tested is kept in
// .stryker-tmp: a part that was interrupted between two lists of files goes on, and after a change only what it concerns is tested again.

// Stryker brings 250 packages that nobody else needs: installed when it runs, not by `npm ci`. 9 is the last major for Node 20.
const packages = ["@stryker-mutator/core@9.6.1", "@stryker-mutator/vitest-runner@9.6.1"];
const config = "test/mutation/stryker.config.json";

/** What ends things: all machines, all of the supervisor, and the closing parts of transports and processes. */
const parts = {
  machines: sourcesIn("src/machines"),
  supervisor: sourcesIn("src/supervisor"),
  transports: [
    "client-life",
    "http-session",
    "in-memory-handle",
    "sse-handle",
    "stdio-handle",
    "stdio-server",
    "streamable-http-handle",
  ].map((name) => `src/transports/${name}.ts`),
  processes: [
    "census",
    "census-queue",
    "end-tree",
    "find-members",
    "kill-sync",
    "pid-order",
    "signal-members",
    "tree-record",
  ].map((name) => `src/processes/${name}.ts`),
};

const { values } = parseArgs({
  options: {
    part: { type: "string", multiple: true, default: Object.keys(parts) },
    // With the short tests, and what those let through with the long ones, too.
    pass: { type: "string", multiple: true, default: ["first", "second"] },
    files: { type: "string" },
    concurrency: { type: "string", default: "1" },
  },
});

run("npm", ["install", "--no-save", "--no-audit", "--no-fund", ...packages]);
for (const part of values.part) {
  const results = `.stryker-tmp/${part}.json`;
  const mutated = values.files ?? parts[part].join(",");
  const how = ["--incrementalFile", results, "--concurrency", values.concurrency];
  for (const pass of values.pass)
    runConfined("npx", ["stryker", "run", config, "--mutate", mutated, ...how], {
      MUTATED_PART: part,
      MUTATED_PASS: pass,
    });
  writeFacts(part, JSON.parse(readFileSync(results, "utf8")));
}

function sourcesIn(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith(".ts") && name !== "index.ts");
  return names.map((name) => `${folder}/${name}`);
}

function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit", env: { ...process.env, ...env } });
  if (status !== 0) throw new Error(`${command} ${args[0]} ended with ${status ?? error?.message}`);
}

/**
 * In namespaces of its own: code that ends processes, changed at random, may take anybody for its own. Nobody outside can be reached from in
 * there, what is left over is gone with the PID namespace, and without cgroups none of these is left either. The first process, a shell,
 * collects who lost his parent.
 */
function runConfined(command, args, env) {
  const asRoot = ["--pid", "--fork", "--kill-child", "--mount-proc"];
  const confined = [asRoot, ["--user", "--map-root-user", ...asRoot]].find(
    (options) => spawnSync("unshare", [...options, "true"]).status === 0,
  );
  if (confined === undefined) throw new Error("mutants need Linux and unshare(1), as root or with user namespaces");
  const script = 'mount -t tmpfs none /sys/fs/cgroup && "$@"; exit $?';
  run("unshare", [...confined, "sh", "-c", script, "sh", command, ...args], env);
}

/** A mutant that no test reaches survives, too. */
function writeFacts(part, { files }) {
  const tested = Object.keys(files).filter((file) => parts[part].includes(file));
  const mutants = tested.flatMap((file) => {
    const { source, mutants: of } = files[file];
    return of.map((mutant) => ({ ...mutant, file, original: textAt(source, mutant.location) }));
  });
  const counted = mutants.filter(({ status }) => ["Killed", "Timeout", "Survived", "NoCoverage"].includes(status));
  const survivors = counted
    .filter(({ status }) => status === "Survived" || status === "NoCoverage")
    .map(({ file, original, replacement, status }) => ({
      file,
      original,
      replacement,
      ...(status === "NoCoverage" && { isReached: false }),
    }));
  const facts = {
    part,
    withLongTests: values.pass.includes("second"),
    // What has types only has no mutants, and is not among the results.
    untested: values.files === undefined ? [] : parts[part].filter((file) => !tested.includes(file)),
    files: tested.length,
    tested: counted.length,
    caught: counted.length - survivors.length,
    timedOut: counted.filter(({ status }) => status === "Timeout").length,
    survivors,
  };
  const folder = process.env.PROOF_FACTS ?? ".stryker-tmp/facts";
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/mutation-of-${part}.json`, `${JSON.stringify(facts, undefined, 2)}\n`);
  process.stdout.write(`${part}: ${facts.caught} of ${facts.tested} mutants were caught\n`);
}

function textAt(source, { start, end }) {
  const lines = source.split("\n").slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column - 1);
  lines[0] = lines[0].slice(start.column - 1);
  return lines.join("\n");
}
