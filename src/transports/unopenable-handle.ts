import { ConfigError, type LifecycleError } from "../errors/index.js";
import type { OpenRequest, TransportHandle, TransportKind } from "../ports/index.js";
import { handleWithoutTree } from "./handle-without-tree.js";

/** For a configuration nothing can be opened with: `create` does not throw, `open` rejects. */
export function createUnopenableHandle(
  { context }: OpenRequest,
  kind: TransportKind,
  problem: string,
): TransportHandle {
  const refuse = (): Promise<never> => Promise.reject(error);
  const error: LifecycleError = new ConfigError(`mcpServers.${context.server}`, problem);
  return {
    ...handleWithoutTree,
    kind,
    open: refuse,
    listTools: refuse,
    release: () => Promise.resolve(false),
    endInput: () => Promise.resolve(),
    look: async () => ({ empty: true, survivors: [], unreaped: [], doubtful: [], sockets: 0 }),
    dispose: () => undefined,
  };
}
