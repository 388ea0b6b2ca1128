import { findingText, type ServerMap, type ServersReading } from "../../config/index.js";
import { watchServersFile } from "../../config/watch-servers-file.js";
import { ConfigError, messageOf } from "../../errors/index.js";
import type { Gateway } from "../../gateway/index.js";
import { type Logger, systemClock } from "../../ports/index.js";
import { fingerprintOf } from "../../supervisor/server-specs.js";
import { terminalIsGone } from "../terminal.js";
import { embeddedServers } from "./embedded-servers.js";

/** Where the gateway's servers come from. */
export interface ServersSource extends Disposable {
  readonly servers: ServerMap;
  /** Never to be printed. */
  readonly secrets: readonly string[];
  /** From now on the gateway has whatever the source says. */
  follow(gateway: Gateway): void;
  /** For SIGHUP: looks now. False where there is nothing to look at, or the signal says that the terminal is gone. */
  reload(): boolean;
}

/** The servers of a file, and of what becomes of it; without one the embedded ones. Rejects with `ConfigError`. */
export async function openServers(path: string | undefined, logger: Logger): Promise<ServersSource> {
  if (path === undefined) {
    const servers = embeddedServers();
    return { servers, secrets: [], follow: () => undefined, reload: () => false, [Symbol.dispose]: () => undefined };
  }
  let gateway: Gateway | undefined;
  let former: ServerMap = {};
  const watch = await watchServersFile(path, {
    clock: systemClock,
    onChange: (reading) => {
      gateway?.reload(reading.servers, { secrets: reading.secrets });
      tellWarnings(path, reading, logger);
      logger.info({ file: path, ...difference(former, reading.servers) }, "configuration reloaded");
      former = reading.servers;
    },
    onProblem: (error) =>
      logger.error({ file: path, problem: messageOf(error) }, "configuration not reloaded; nothing changed"),
  });
  const { servers, secrets } = watch.reading;
  former = servers;
  if (Object.keys(servers).length === 0) {
    watch.dispose();
    throw new ConfigError("mcpServers", `names no server (in ${path})`);
  }
  tellWarnings(path, watch.reading, logger);
  return {
    servers,
    secrets,
    follow: (followed) => {
      gateway = followed;
    },
    reload: () => {
      if (terminalIsGone()) return false;
      void watch.reload();
      return true;
    },
    [Symbol.dispose]: () => watch.dispose(),
  };
}

function tellWarnings(path: string, { warnings }: ServersReading, logger: Logger): void {
  for (const warning of warnings) logger.warn({ file: path }, findingText(path, warning));
}

function difference(former: ServerMap, now: ServerMap) {
  const names = Object.keys(now);
  const isNew = (name: string) => !Object.hasOwn(former, name);
  const hasChanged = (name: string) => {
    const [before, after] = [former[name], now[name]];
    return before !== undefined && after !== undefined && fingerprintOf(before) !== fingerprintOf(after);
  };
  return {
    added: names.filter(isNew),
    changed: names.filter((name) => !isNew(name) && hasChanged(name)),
    removed: Object.keys(former).filter((name) => !Object.hasOwn(now, name)),
  };
}
