import { createRequire } from "node:module";

const manifest = createRequire(import.meta.url)("../../package.json") as { version: string };

/** Of this package; what clients, servers and the command line are told. */
export const packageVersion = manifest.version;
