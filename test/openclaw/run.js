/**
 * Real gateways of published, unpatched OpenClaw versions, with and without the plugin: sessions by `openclaw agent`, a model that stands in,
 * and how many processes of their servers are alive after each end. Options: `--version`, `--only` (ends, kill, memory), `--plugin`
 * (with, without), `--sessions` (for the memory), `--update` (writes the tables into the docs). What was measured earlier is kept in the
 * cache; `--report` writes it and measures nothing.
 */
import { parseArgs } from "node:util";
import { installOpenClaw, installPlugin, versions } from "./support/packages.js";
import { remember, remembered, tables, writeReport } from "./support/report.js";
import { endsOneByOne, killedGateway, memoryOfSessions } from "./support/scenarios.js";

const { values } = parseArgs({
  options: {
    version: { type: "string", multiple: true, default: versions },
    only: { type: "string", multiple: true, default: ["ends", "kill", "memory"] },
    plugin: { type: "string", multiple: true, default: ["without", "with"] },
    sessions: { type: "string", default: "20" },
    update: { type: "boolean", default: false },
    report: { type: "boolean", default: false },
  },
});
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
if (process.platform !== "linux") throw new Error("processes are counted by /proc: Linux only");

const scenarios = {
  ends: endsOneByOne,
  kill: killedGateway,
  memory: (openclaw, options) => memoryOfSessions(openclaw, { ...options, sessions: Number(values.sessions) }),
};
for (const [option, known] of Object.entries({ only: Object.keys(scenarios), plugin: ["with", "without"] }))
  for (const value of values[option])
    if (!known.includes(value)) throw new Error(`--${option} ${value}: must be one of ${known.join(", ")}`);

for (const version of values.report ? [] : values.version) {
  const openclaw = await installOpenClaw(version);
  const installed = values.plugin.includes("with") ? await installPlugin(openclaw) : undefined;
  for (const name of values.only) {
    for (const how of values.plugin) {
      const withPlugin = how === "with";
      const say = (text) => process.stdout.write(`${version} ${how} the plugin: ${text}\n`);
      const result = await scenarios[name](openclaw, { plugin: withPlugin ? installed : undefined, say });
      await remember({ version, name, withPlugin, ...result });
    }
  }
}
const results = await remembered();
process.stdout.write(`\n${tables(results)}\n`);
if (values.update || values.report) await writeReport(results);
