import type { ServerConfig, ServerMap } from "../../src/config/index.js";
import { type Reload, serverNames } from "./host-commands.js";

/** The configuration after the edits; a `changed` server is the same as before if its version is. */
export function editedServers(
  { edits, version }: Reload,
  configOf: (name: (typeof serverNames)[number]) => ServerConfig,
): ServerMap {
  return Object.fromEntries(
    serverNames.flatMap((name) => {
      const edit = edits[name];
      if (edit === "removed") return [];
      const config = configOf(name);
      const lifecycle = {
        ...config.lifecycle,
        callTimeoutMs: edit === "changed" ? 60_000 + version : 60_000,
        required: edit === "required",
      };
      return [[name, edit === "same" ? config : { ...config, lifecycle }]];
    }),
  );
}
