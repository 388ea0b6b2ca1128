import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

// Measures what docs/proof.md says, one layer after the other, and writes it into test/proof/facts. --nightly goes further in each.
const { values } = parseArgs({ options: { nightly: { type: "boolean", default: false } } });
const root = fileURLToPath(new URL("../../", import.meta.url));
const facts = fileURLToPath(new URL("./facts", import.meta.url));
const defects = `${facts}/defects.jsonl`;
const alone = ["connection", "session", "runtime", "composed"].map((name) => `test/exploration/${name}.test.ts`);

const layers = {
  "every test": { command: vitest(), nightlyOnly: true },
  // Not stopped by a busy machine before the bound is reached.
  exploration: {
    command: vitest(...alone),
    env: { EXPLORATION_SECONDS: "600" },
    nightly: { EXPLORATION_K: "3", EXPLORATION_SECONDS: "3600" },
  },
  "simulated lives": { command: vitest("test/properties/supervisor.test.ts"), nightly: { PROPERTY_RUNS: "20000" } },
  "real lives": { command: vitest("test/properties/real"), nightly: { PROPERTY_RUNS: "2000" } },
  defects: {
    command: vitest("test/exploration/defects"),
    env: { DEFECTS_SUMMARY: defects },
    nightly: { DEFECTS: "all" },
  },
  "a thousand sessions of the gateway": {
    command: vitest("test/gateway/many-sessions.test.ts"),
    nightly: { GATEWAY_SESSIONS: "1000" },
    nightlyOnly: true,
  },
  "strangers at the gateway": {
    command: vitest("test/gateway/fuzz.test.ts"),
    nightly: { GATEWAY_REQUESTS: "5000" },
    nightlyOnly: true,
  },
  "killed gateways": {
    command: vitest("test/real/killed-at-random.test.ts"),
    env: { KILL_RUNS: "100" },
    nightlyOnly: true,
  },
  mutants: { command: ["node", "test/mutation/run.js"], nightlyOnly: true },
};

// Each line of it is appended.
rmSync(defects, { force: true });
const failed = Object.entries(layers)
  .filter(([, { nightlyOnly = false }]) => values.nightly || !nightlyOnly)
  .filter(([name, layer]) => !succeeds(name, layer))
  .map(([name]) => name);
withoutPlaces(defects);
if (failed.length > 0) {
  process.stderr.write(`failed: ${failed.join(", ")}\n`);
  process.exitCode = 1;
}

/** The layers after it run in any case: a night is long. */
function succeeds(name, { command: [program, ...args], env = {}, nightly = {} }) {
  process.stdout.write(`\n${name} …\n`);
  const set = { ...process.env, PROOF_FACTS: facts, ...env, ...(values.nightly && nightly) };
  // The defects run explorations and lives of their own, which are not what was measured.
  if (name === "defects") delete set.PROOF_FACTS;
  return spawnSync(program, args, { stdio: "inherit", env: set }).status === 0;
}

/** Counterexamples name processes by their command lines; where this machine keeps the project is nobody's business. */
function withoutPlaces(file) {
  if (!existsSync(file)) return;
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replaceAll(root, "").replaceAll(`${tmpdir()}/`, "").replaceAll(process.execPath, "node"));
}

function vitest(...files) {
  return ["npx", "vitest", "run", ...files];
}
