import { parseServers, type ServerMap } from "../../../src/config/index.js";
import type { EventName } from "./alphabet.js";

/** What a composed exploration is of, and how far it goes. */
export interface Setting {
  readonly name: string;
  /** How many events and faults a script has at most; the end itself is not counted, nor are good answers, nor the clock. */
  readonly k: number;
  /** What may happen beside ports' answers and the clock. */
  readonly events: readonly EventName[];
  /** Whether ports may fail, hang, or do nothing. */
  readonly hasFaults: boolean;
  /** Up to how many microtasks after an answer, or a timer, an event may come; undefined: at quiescent points only. */
  readonly latestOffset: number | undefined;
  readonly servers: ServerMap;
  /** What a reload brings. */
  readonly reloaded: ServerMap;
  readonly timings: { readonly drainMs: number; readonly requiredRetireMs: number };
  /** Draining, all graces, and the margin of the session's machine. */
  readonly longestEndMs: number;
  /** What a deadline keeps for force. */
  readonly reserveMs: number;
}

/** What a setting of ours says; the rest follows. */
export interface SettingOptions extends Pick<Setting, "name" | "k" | "events" | "hasFaults" | "latestOffset"> {
  readonly servers: Readonly<Record<string, "stdio" | "http">>;
}

const timings = { drainMs: 6, requiredRetireMs: 15 };
const disposeMarginMs = 1_000;

/** Short, so that few polls fit in, and all different, so that no two are due at once by accident. */
const graces = {
  connectTimeoutMs: 40,
  settleMs: 3,
  releaseMs: 7,
  inputEndedMs: 5,
  terminatingMs: 8,
  verifyMs: 30,
};
const lifecycle = {
  ...graces,
  callTimeoutMs: 60_000,
  restart: { initialDelayMs: 11, maxDelayMs: 11, limit: 1, withinMs: 200 },
};

export function settingOf({ servers, ...rest }: SettingOptions): Setting {
  const { settleMs, releaseMs, inputEndedMs, terminatingMs, verifyMs } = graces;
  const closingMs = settleMs + releaseMs + inputEndedMs + terminatingMs + verifyMs + timings.drainMs;
  return {
    ...rest,
    servers: configurationOf(servers, 1),
    reloaded: configurationOf(servers, 2),
    timings,
    longestEndMs: timings.drainMs + closingMs + disposeMarginMs,
    reserveMs: verifyMs,
  };
}

function configurationOf(servers: SettingOptions["servers"], version: number): ServerMap {
  return parseServers(
    Object.fromEntries(
      Object.entries(servers).map(([name, kind]) => [
        name,
        kind === "http"
          ? { url: `http://virtual.test/${version}`, lifecycle }
          : { command: "virtual", args: [String(version)], lifecycle },
      ]),
    ),
  );
}
