import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { StdioServerConfig } from "../config/server-config.js";
import type { Clock, Ledger, OpenRequest, ProcessHost, TransportHandle, TreeSignal } from "../ports/index.js";
import { createCookie } from "../processes/index.js";
import { createAfterClose, recordedCommand } from "./after-close.js";
import { type ClientSupply, createClientLife } from "./client-life.js";
import { abortable } from "./linked-abort.js";
import { resolvePerContext } from "./per-context.js";
import { serverEnvironment } from "./server-environment.js";
import { defaultMaxLineBytes } from "./stdio-channel.js";
import { createStdioServer } from "./stdio-server.js";
import { createTreeLedger } from "./tree-ledger.js";

export interface StdioHandleDeps extends ClientSupply {
  readonly processHost: ProcessHost;
  readonly ledger: Ledger;
  readonly clock: Clock;
}

/** A server on stdin and stdout of a tree of ours. Its closing is driven from outside, a step at a time. */
export function createStdioHandle(
  request: OpenRequest,
  config: StdioServerConfig,
  deps: StdioHandleDeps,
): TransportHandle {
  const { processHost, clock, logger } = deps;
  const { connectionId, context } = request;
  const cookie = createCookie();
  const lastCommand = config.lifecycle?.afterClose && { ...config.lifecycle.afterClose, cwd: config.cwd };
  const entry = {
    connectionId,
    server: context.server,
    session: context.sessionKey,
    cookie,
    place: processHost.placeOf(cookie),
    afterClose: lastCommand && recordedCommand(lastCommand),
  };
  const record = createTreeLedger(deps.ledger, entry, logger);

  const server = createStdioServer({
    processHost,
    clock,
    maxLineBytes: defaultMaxLineBytes,
    onMessage: (message) => wire.onmessage?.(message),
    onProblem: (error) => life.gate.report(error),
    onExit: () => life.stir(),
    onGone: (error) => life.lost(error),
  });
  const wire: Transport = {
    start: () => Promise.resolve(),
    send: (message) => server.send(message),
    close: () => Promise.resolve(),
  };
  let takeBack = () => Promise.resolve();
  const life = createClientLife(request, deps, {
    firstStage: "spawn",
    prepare: async (signal) => {
      const env = await abortable(resolvePerContext(config.env, context), signal);
      takeBack = processHost.announce(cookie);
      await abortable(record.intend(), signal);
      const { command, args = [], cwd } = config;
      // Not abortable: what is being born must be seen by `look` before the opening has settled.
      await server.start({ command, args, env: serverEnvironment(env), cwd, cookie });
      const born = tree();
      if (born) record.started(born);
      return wire;
    },
    hint: () => hint(),
  });
  const hint = () => server.stderr.lastLine && `its stderr ends with ${JSON.stringify(server.stderr.lastLine)}`;
  const tree = () => server.tree;
  const afterClose = lastCommand && createAfterClose(request, lastCommand, deps);
  const signal = async (name: TreeSignal) => {
    const ref = tree();
    if (ref) await processHost.signal(ref, name);
  };

  return {
    kind: "stdio",
    get containment() {
      return (tree() ?? processHost).containment;
    },
    get pid() {
      return tree()?.leader.pid;
    },
    get tree() {
      return tree();
    },
    get hint() {
      return hint();
    },
    get afterClose() {
      return tree() && afterClose;
    },
    open: (abort) => life.open(abort),
    listTools: (abort) => life.listTools(abort),
    release: () => Promise.resolve(false),
    endInput: async () => {
      life.end();
      server.endInput();
    },
    terminate: () => signal("SIGTERM"),
    kill: () => signal("SIGKILL"),
    look: async () => {
      const seen = await server.look();
      const empty = !server.starting && seen.survivors.length === 0 && seen.doubtful.length === 0;
      return { ...seen, empty, sockets: 0, exit: server.exit, stderrTail: server.stderr.text };
    },
    leaked: () => record.leaked(),
    killSync: () => {
      const ref = tree();
      if (ref) processHost.killSync(ref);
      afterClose?.killSync();
    },
    dispose: () => {
      life.end();
      server.dispose();
      afterClose?.dispose();
      if (!server.spawned) void takeBack();
      record.remove();
    },
  };
}
