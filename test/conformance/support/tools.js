import { fetchPackages } from "../../fetched/packages.js";

/** Exactly these: a page that is written by script is to say the same of the same. */
const versions = {
  node: "24.21.0",
  "@modelcontextprotocol/conformance": "0.1.16",
  "@modelcontextprotocol/inspector": "2.12.0",
  "@modelcontextprotocol/client": "2.4.0",
};

/** The clients, and the Node that they need. */
export async function fetchTools() {
  const packages = await fetchPackages("mcp-lifecycle-conformance", versions);
  return { ...packages, node: packages.at("node/bin/node") };
}
