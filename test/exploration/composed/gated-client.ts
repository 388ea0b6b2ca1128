import type { CallTicket, McpClient } from "../../../src/ports/index.js";
import type { Gates } from "./gates.js";
import type { GatedTransport } from "./gated-transport.js";

/** A client whose calls are answered when the explorer says so. */
export function gatedClient(transport: GatedTransport, gates: Gates): McpClient {
  return {
    connect: () => Promise.resolve(),
    close: () => Promise.resolve(),
    listTools: () => Promise.resolve({ tools: [] }),
    getServerCapabilities: () => ({}),
    callTool: () => call(transport, gates),
  };
}

function call(transport: GatedTransport, gates: Gates): Promise<unknown> {
  const never = () => false;
  return new Promise((resolve, reject) => {
    const ticket: CallTicket = transport.request.calls.start((error) => {
      transport.callIsCut();
      reject(error);
    });
    const name = `call.${transport.server}`;
    const asked = { asker: transport, name, askedIn: "", isAbandoned: never, hasStirred: never, answers: () => ["ok"] };
    void gates.ask(asked, () => ticket.finish()).then(resolve);
  });
}
