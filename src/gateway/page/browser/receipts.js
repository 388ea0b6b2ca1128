import { element, showList } from "./element.js";
import { duration, plural, tone } from "./format.js";
import { toggleEmpty } from "./sessions.js";

/** Shows receipts, newest first. Those that come while somebody looks are opened, and made to stand out. */
export function showReceipts(list, { receipts, names, isFirst }) {
  showList(list, {
    items: receipts,
    keyOf: ({ id }) => id,
    make: (receipt) => receiptCard(receipt, { name: names.get(receipt.key), isNew: !isFirst }),
  });
  toggleEmpty(list, receipts.length === 0, "No session has ended since the gateway was started.");
}

function receiptCard(receipt, { name, isNew }) {
  const { id, key, reason, cause, outcome, startedAt, endedAt, connections, recovers } = receipt;
  const facts = [
    name,
    `took ${duration(endedAt - startedAt)}`,
    plural(connections.length, "connection"),
    new Date(endedAt).toLocaleTimeString(),
    recovers !== undefined && "proved after a leak",
    receipt.netUsed && "net used",
  ].filter(Boolean);
  const summary = element(
    "summary",
    {},
    element(
      "span.heading",
      {},
      element("strong.name", {}, `${reason}: ${cause}`),
      element("code.key", {}, key),
      element(`span.state.${tone(outcome)}`, {}, outcome),
    ),
    element("span.facts", {}, facts.join(" · ")),
  );
  const body = connections.length === 0 ? [element("p.empty", {}, "It never used a server.")] : connections.map(proof);
  const details = element(
    "details",
    { open: isNew || outcome === "leaked" },
    summary,
    element("div.body", {}, ...body),
  );
  return element(isNew ? "li.card.new" : "li.card", { "data-receipt": id }, details);
}

function proof({
  server,
  kind,
  pid,
  outcome,
  means,
  exit,
  phases,
  failure,
  survivors,
  doubtful,
  remote,
  abortedCalls,
}) {
  const left = [...survivors, ...doubtful];
  const facts = [
    kind,
    pid !== undefined && `pid ${pid}`,
    `last means ${means}`,
    exit && (exit.signal === null ? `exit code ${exit.code}` : `ended by ${exit.signal}`),
    abortedCalls > 0 && `${plural(abortedCalls, "call")} aborted`,
    left.length === 0 && remote === undefined && "no survivors",
  ].filter(Boolean);
  return element(
    "div.connection",
    {},
    element(
      "p.heading",
      {},
      element("strong", {}, server),
      element(`span.state.${tone(outcome)}`, {}, outcome),
      element("span.facts", {}, facts.join(" · ")),
    ),
    phases.length > 0 && timeline(phases),
    failure !== undefined && element("p.problem", {}, failure),
    remote !== undefined && element("p.problem", {}, `${remote.url} may still keep a session: ${remote.problem}`),
    left.length > 0 &&
      element(
        "ul.tree",
        { "aria-label": "Survivors" },
        ...left.map(({ pid: survivor, ppid, command }) =>
          element("li", {}, element("span.pid", {}, `${survivor}`), ` (parent ${ppid}) `, element("code", {}, command)),
        ),
      ),
  );
}

/** The steps of a closing, as long as they took. */
function timeline(phases) {
  const steps = merged(phases);
  return element(
    "ol.timeline",
    { "aria-label": "Steps of the closing" },
    ...steps.map(({ name, ms, problem }) => {
      const step = element(`li.step.${name}`, { title: problem }, element("span", {}, name), " ", duration(ms));
      // No shorter than its name, whatever it took.
      step.style.flexGrow = String(Math.max(1, Math.round(Math.sqrt(ms))));
      return step;
    }),
  );
}

/** Killing and looking take turns; each is shown once. */
function merged(phases) {
  const steps = new Map();
  for (const { name, startedAt, endedAt, problem } of phases) {
    const known = steps.get(name) ?? { name, ms: 0, problem: undefined };
    steps.set(name, { name, ms: known.ms + endedAt - startedAt, problem: known.problem ?? problem });
  }
  return [...steps.values()];
}
