import { element, fill, showList } from "./element.js";
import { age, plural, tone } from "./format.js";

/** Shows the sessions that are not closed. `onToggle` is told when somebody wants to see more of one, and when not any more. */
export function showSessions(list, { sessions, names, now, processes, onToggle }) {
  showList(list, {
    items: sessions,
    keyOf: ({ id }) => id,
    make: (session) => makeCard(session, onToggle),
    update: (card, session) =>
      updateCard(card, {
        session,
        name: names.get(session.key) ?? "session",
        now,
        processes: processes.get(session.key),
      }),
  });
  toggleEmpty(list, sessions.length === 0, "No client is connected.");
}

/** Says so where a list is empty. */
export function toggleEmpty(list, isEmpty, text) {
  list.querySelector(":scope > .empty")?.remove();
  if (isEmpty) list.append(element("li.empty", {}, text));
}

function makeCard({ key, id }, onToggle) {
  const details = element("details", {}, element("summary"), element("div.body"));
  details.addEventListener("toggle", () => onToggle(key, details.open));
  return element("li.card", { "data-session": id }, details);
}

function updateCard(card, { session, name, now, processes }) {
  const { key, state, client, connections, leases } = session;
  const inFlight = connections.reduce((sum, { callsInFlight }) => sum + callsInFlight, 0);
  const facts = [
    client && `open ${age(now - client.openedAt)}`,
    client && `seen ${seenText(now - client.lastSeenAt)}`,
    plural(connections.length, "connection"),
    inFlight > 0 && `${plural(inFlight, "call")} under way`,
    leases.length > 0 && plural(leases.length, "lease"),
  ].filter(Boolean);
  fill(
    card.querySelector("summary"),
    element(
      "span.heading",
      {},
      element("strong.name", {}, name),
      element("code.key", {}, key),
      element(`span.state.${tone(state)}`, {}, state),
    ),
    element("span.facts", {}, facts.join(" · ")),
  );
  const shown = connections.map((connection) => connectionOf(connection, processes));
  fill(
    card.querySelector(".body"),
    ...(shown.length > 0 ? shown : [element("p.empty", {}, "It uses no server at the moment.")]),
  );
}

function seenText(ms) {
  return ms < 1000 ? "now" : `${age(ms)} ago`;
}

function connectionOf({ id, server, kind, state, containment, pid }, processes) {
  const facts = [kind, pid !== undefined && `pid ${pid}`, containment && `held by ${containment}`].filter(Boolean);
  return element(
    "div.connection",
    {},
    element(
      "p.heading",
      {},
      element("strong", {}, server),
      element(`span.state.${tone(state)}`, {}, state),
      element("span.facts", {}, facts.join(" · ")),
    ),
    treeOf(processes?.find(({ connection }) => connection === id)),
  );
}

/** The processes of a connection, children under their parents. */
function treeOf(look) {
  if (look === undefined || look.processes.length === 0) return undefined;
  const pids = new Set(look.processes.map(({ pid }) => pid));
  const roots = look.processes.filter(({ ppid }) => !pids.has(ppid));
  const branch = ({ pid, command, note }) =>
    element(
      "li",
      {},
      element(
        "span.process",
        {},
        element("span.pid", {}, String(pid)),
        " ",
        element("code", {}, command),
        note && ` (${note})`,
      ),
      childrenOf(look.processes.filter(({ ppid, pid: own }) => ppid === pid && own !== pid)),
    );
  const childrenOf = (children) => children.length > 0 && element("ul", {}, ...children.map(branch));
  return element("ul.tree", { "aria-label": "Processes" }, ...roots.map(branch));
}
