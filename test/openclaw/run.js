/**
 * Real gateways of published, unpatched OpenClaw versions, with and without the plugin: sessions by `openclaw agent`, a model that stands in,
 * and how many processes of their servers are alive after each end. Options: `--version`, `--only` (ends, kill, memory), `--sessions` (for
 * the memory), `--update` (writes the tables into the docs).
 */
import { parseArgs } from "node:util";
import { installOpenClaw, installPlugin, versions } from "./support/packages.js";
import { tables, writeReport } from "./support/report.js";
import { endsOneByOne, killedGateway, memoryOfSessions } from "./support/scenarios.js";

const { values } = parseArgs({
  options: {
    version: { type: "string", multiple: true, default: versions },
    only: { type: "string", multiple: true, default: ["ends", "kill", "memory"] },
    sessions: { type: "string", default: "20" },
    update: { type: "boolean", default: false },
  },
});
if (process.platform !== "linux") throw new Error("processes are counted by /proc: Linux only");

const scenarios = {
  ends: endsOneByOne,
  kill: killedGateway,
  memory: (openclaw, options) => memoryOfSessions(openclaw, { ...options, sessions: Number(values.sessions) }),
};
const packed = await installPlugin();
const results = [];
for (const version of values.version) {
  const openclaw = await installOpenClaw(version);
  for (const name of values.only) {
    for (const plugin of [undefined, packed]) {
      const who = `${version} ${plugin === undefined ? "without" : "with"} the plugin`;
      const say = (text) => process.stdout.write(`${who}: ${text}\n`);
      results.push({
        version,
        name,
        withPlugin: plugin !== undefined,
        ...(await scenarios[name](openclaw, { plugin, say })),
      });
    }
  }
}
process.stdout.write(`\n${tables(results)}\n`);
if (values.update) await writeReport(results);
