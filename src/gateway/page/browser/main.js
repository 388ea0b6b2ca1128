import { cropDiagram, showOnDiagram } from "./diagram.js";
import { element, fill, showList } from "./element.js";
import { tone } from "./format.js";
import { ask, token, Unauthorized } from "./gateway.js";
import { showReceipts } from "./receipts.js";
import { showSessions } from "./sessions.js";

const lookEveryMs = 1000;
const at = (id) => document.getElementById(id);
const picture = document.querySelector(".picture svg");
const opened = new Set();
/** Of clients by session key: whose session ends serves nobody any more, and is not told. */
const names = new Map();
const processes = new Map();
let isFirst = true;
let hasChosen = false;

at("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  token.set(at("token").value.trim());
  at("token").value = "";
  void look();
});
at("sign-out").addEventListener("click", () => {
  token.forget();
  location.reload();
});

/** Looks, shows what there is, and says so where it cannot. */
async function look() {
  if ("needsToken" in document.body.dataset && token.get() === "") return askForToken();
  try {
    const overview = await ask("/sessions");
    await lookAtProcesses(overview);
    show(overview);
    status("live", "live");
  } catch (error) {
    if (error instanceof Unauthorized) askForToken();
    else
      status("lost", error.message === "shutting down" ? "shutting down" : "no answer from the gateway; trying again");
  }
}

async function lookAtProcesses({ sessions }) {
  const [first] = sessions;
  // Somebody who has not chosen yet sees the first.
  if (!hasChosen && first !== undefined && opened.size === 0) opened.add(first.key);
  const keys = new Set(sessions.map(({ key }) => key).filter((key) => opened.has(key)));
  for (const key of processes.keys()) if (!keys.has(key)) processes.delete(key);
  await Promise.all(
    [...keys].map(async (key) => {
      const answer = await ask(`/sessions/${encodeURIComponent(key)}/processes`);
      if (answer !== undefined) processes.set(key, answer.connections);
    }),
  );
}

function show({ gateway, sessions, admission, netUsed, recovery, ended }) {
  at("sign-in").hidden = true;
  if (at("view").hidden) {
    at("view").hidden = false;
    // It has no size before.
    if (picture !== null) cropDiagram(picture);
  }
  at("sign-out").hidden = token.get() === "";
  at("version").textContent = gateway.version;
  const connections = sessions.flatMap((session) => session.connections);
  const leaked = connections.filter(({ state }) => state === "leaked").length;
  fill(
    at("numbers"),
    number("sessions", sessions.length),
    number("connections", connections.length),
    number("process trees", admission.trees),
    number("leaked", leaked, leaked > 0),
    number("ended by the net", netUsed, netUsed > 0),
    number("ledger", recovery.ledger.state, recovery.ledger.state === "degraded"),
    number("guardian", recovery.guardian.state, ["lost", "unavailable"].includes(recovery.guardian.state)),
  );
  const counts = countsOf(sessions);
  showStates(counts);
  const closed = ended.filter(({ outcome }) => outcome === "closed").length;
  if (picture !== null) showOnDiagram(picture, closed > 0 ? [...counts, ["closed", closed]] : counts);
  for (const { key, client } of sessions) if (client?.name !== undefined) names.set(key, client.name);
  showSessions(at("sessions"), { sessions, names, now: Date.now(), processes, onToggle });
  if (!hasChosen) for (const key of opened) openCard(key, sessions);
  showReceipts(at("ended"), { receipts: ended, names, isFirst });
  forgetNames([...sessions, ...ended]);
  isFirst = false;
}

function forgetNames(shown) {
  const keys = new Set(shown.map(({ key }) => key));
  for (const key of names.keys()) if (!keys.has(key)) names.delete(key);
}

function onToggle(key, isOpen) {
  if (isOpen === opened.has(key)) return;
  hasChosen = true;
  if (isOpen) opened.add(key);
  else opened.delete(key);
  void look();
}

function openCard(key, sessions) {
  const session = sessions.find((one) => one.key === key);
  const card = session && at("sessions").querySelector(`[data-session="${CSS.escape(session.id)}"] details`);
  if (card) card.open = true;
}

function number(name, value, isBad = false) {
  return element("div", {}, element("dt", {}, name), element(isBad ? "dd.bad" : "dd", {}, String(value)));
}

function countsOf(sessions) {
  const counts = new Map();
  for (const { state } of sessions) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts];
}

/** What the picture shows, for those who do not see it and where it is small. */
function showStates(counts) {
  showList(at("states"), {
    items: counts,
    keyOf: ([state, count]) => `${state} ${count}`,
    make: ([state, count]) => element(`li.state.${tone(state)}`, {}, state, " ", element("strong", {}, String(count))),
  });
}

function askForToken() {
  at("sign-in-problem").textContent = token.get() === "" ? "" : "The gateway refused this token.";
  token.forget();
  isFirst = true;
  at("view").hidden = true;
  at("sign-out").hidden = true;
  if (at("sign-in").hidden) {
    at("sign-in").hidden = false;
    at("token").focus();
  }
  status("waiting", "token needed");
}

function status(kind, text) {
  const shown = at("status");
  if (shown.textContent === text) return;
  shown.className = `status ${kind}`;
  shown.textContent = text;
}

/** Not while nobody sees it, and not while a token is asked for. */
async function lookAgain() {
  if (!document.hidden && at("sign-in").hidden) await look();
  setTimeout(lookAgain, lookEveryMs);
}

void lookAgain();
