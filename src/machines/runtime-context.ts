import { outputOf } from "./mappers.js";
import type { ConnectionOutput } from "./connection-types.js";
import { catalogueOf, initialServers } from "./runtime-plan.js";
import type { ConnectionRecord, RuntimeContext, RuntimeEvent, RuntimeInput, RuntimeOutput } from "./runtime-types.js";

/** The context a runtime begins with. */
export function initialRuntime({ input }: { input: RuntimeInput }): RuntimeContext {
  const { id, port, parent, leakedServers } = input;
  return {
    id,
    port,
    parent,
    leakedServers,
    servers: initialServers(input),
    connections: {},
    sequence: 0,
    fenced: false,
  };
}

/** What a runtime that ended tells its session. */
export function runtimeOutput({ context }: { context: RuntimeContext }): RuntimeOutput {
  return { kind: "runtime", id: context.id, catalogue: catalogueOf(context) };
}

/** The connection that an actor of that name is. */
export function connectionOfActor({ connections }: RuntimeContext, actor: string): ConnectionRecord | undefined {
  return Object.values(connections).find((connection) => connection.actor === actor);
}

/** When the connection that an event is about was found to be gone or leaked. */
export function endedAt(event: RuntimeEvent): number | undefined {
  if (event.type === "CONNECTION.LEAKED") return event.at;
  return outputOf<ConnectionOutput>(event)?.at;
}
