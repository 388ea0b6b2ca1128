import { isLifecycleError } from "../../errors/index.js";
import type { ObservedProcess } from "../../ports/index.js";
import type { ConnectionLook } from "../../supervisor/face.js";
import type { GatewayContext } from "../context.js";
import { answerJson, refuse, type Route } from "./exchange.js";

/** `GET /sessions/:key/processes`: the process trees of a session's connections, looked at now. */
export function processRoute({ supervisor, redactor }: Pick<GatewayContext, "supervisor" | "redactor">): Route {
  const seen = async (connection: string) => {
    try {
      return { connection, processes: processesOf(await supervisor.look(connection)) };
    } catch (error) {
      // It closed meanwhile, or nothing can be seen on this system: that is no failure of the others.
      if (!isLifecycleError(error)) throw error;
      return { connection, processes: [], problem: error.message };
    }
  };
  return {
    method: "GET",
    path: "/sessions/:key/processes",
    answer: async ({ response, params }) => {
      const sessions = supervisor.inspect().sessions.filter(({ key }) => key === params["key"]);
      if (sessions.length === 0) {
        const message = "no session of that key is open; GET /sessions lists keys and receipts";
        return refuse(response, { status: 404, code: "SESSION_NOT_FOUND", message });
      }
      const connections = sessions.flatMap((session) => session.connections);
      answerJson(response, redactor.data({ connections: await Promise.all(connections.map(({ id }) => seen(id))) }));
    },
  };
}

function processesOf({ survivors, unreaped, doubtful }: ConnectionLook) {
  const plain = ({ pid, ppid, command }: ObservedProcess, note?: string) => ({ pid, ppid, command, note });
  return [
    ...survivors.map((process) => plain(process)),
    ...unreaped.map((process) => plain(process, "zombie")),
    ...doubtful.map((process) => plain(process, "perhaps not of this tree")),
  ];
}
