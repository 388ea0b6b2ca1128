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

const failed = sections.flatMap(({ rows }) => rows).filter(({ outcome }) => outcome === "failed");
for (const { what, detail } of failed) process.stderr.write(`failed: ${what}: ${detail}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
