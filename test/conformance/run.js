import { findings as inspector } from "./inspector.js";
import { findings as sdkV2 } from "./sdk-v2.js";
import { findings as suite } from "./suite.js";
import { writePage } from "./support/page.js";
import { startGateway } from "./support/gateway.js";
import { fetchTools } from "./support/tools.js";

/**
 * Real clients of other origin against the built gateway: the official conformance suite, the official inspector's command line, the SDK's
 * second line. They are fetched into a folder of the system's temporary files, with the Node that they need. Writes docs/conformance.md.
 */
const tools = await fetchTools();
const gateway = await startGateway();
const sections = [];
try {
  for (const findings of [suite, inspector, sdkV2]) sections.push(await findings({ tools, gateway }));
} finally {
  await gateway.end();
}
await writePage(sections);

const unexplained = sections
  .flatMap(({ rows }) => rows)
  .filter(({ outcome, reason }) => outcome === "failed" && !reason);
for (const { what, detail } of unexplained)
  process.stderr.write(`failed, and no reason is known: ${what}: ${detail}\n`);
process.exitCode = unexplained.length === 0 ? 0 : 1;
