import {
  type Logger,
  noLogger,
  type OpenedTransport,
  type OpenRequest,
  type TransportHandle,
  type TransportLook,
} from "../../src/ports/index.js";
import { Custody, type Entry } from "../../src/supervisor/custody.js";
import { VirtualClock } from "../../src/testing/simulation/index.js";

export const transport = { client: {}, tools: ["read"] } as unknown as OpenedTransport;
export const nothingLeft: TransportLook = { empty: true, survivors: [], unreaped: [], doubtful: [], sockets: 0 };
export const leader = {
  pid: 7,
  startTime: "7",
  command: "virtual",
  parent: 1,
} as unknown as TransportLook["survivors"][0];
export const leaderLeft: TransportLook = { ...nothingLeft, empty: false, survivors: [leader] };
export const tree = { leader } as unknown as TransportHandle["tree"];

/** What would be asked to open `files` for the session `chat`. */
export const entry = (id: string, more: Partial<Entry> = {}): Entry => ({
  id,
  session: "chat#1",
  server: "files",
  config: { command: "virtual" },
  context: { sessionKey: "chat", generation: "chat#1", server: "files", tags: {} },
  onCalls: () => undefined,
  onLost: () => undefined,
  onToolsChanged: () => undefined,
  onSettledLate: () => undefined,
  ...more,
});

/** A transport that does what is given, and everything else at once and well. */
export function handleOf(handle: Partial<TransportHandle>): TransportHandle {
  const made: Partial<TransportHandle> = {
    kind: "stdio",
    containment: "group",
    open: () => Promise.resolve(transport),
    look: () => Promise.resolve(nothingLeft),
    release: () => Promise.resolve(false),
    endInput: () => Promise.resolve(),
    terminate: () => Promise.resolve(),
    kill: () => Promise.resolve(),
    dispose: () => undefined,
    ...handle,
  };
  return made as TransportHandle;
}

/** Custody of connections whose transports do what the handle says, by a clock that stands; `asked` is what was asked of them. */
export function custodyOf(handle: Partial<TransportHandle>, logger: Logger = noLogger) {
  const asked: string[] = [];
  const requests: OpenRequest[] = [];
  const clock = new VirtualClock();
  const made = handleOf(handle);
  const steps = new Set<string | symbol>(["open", "look", "release", "endInput", "terminate", "kill", "dispose"]);
  const custody = new Custody({
    clock,
    logger,
    factory: {
      create: (request) => {
        requests.push(request);
        return new Proxy(made, {
          get: (of, name) => {
            if (steps.has(name)) asked.push(String(name));
            return of[name as keyof TransportHandle];
          },
        });
      },
    },
  });
  return { custody, clock, asked, requests };
}
