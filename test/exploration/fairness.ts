import type { Reached } from "./state-graph.js";

/**
 * A state in which a machine may stay for ever, although every timer that stays armed fires some day: alone or going round in
 * circles among the states that `isWaiting`. Circles are strongly connected components; one is left by the clock only if some timer is
 * armed in all of its states, armed anew by none of its steps, and does not fire within it.
 */
export function firstEndlessWait(
  states: readonly Reached[],
  isWaiting: (state: Reached) => boolean,
): Reached | undefined {
  const waiting = new Set(states.filter(isWaiting));
  return circlesOf(waiting)
    .filter((circle) => !isLeftByClock(circle))
    .map((circle) => circle.reduce((first, state) => (state.index < first.index ? state : first)))
    .toSorted((a, b) => a.index - b.index)[0];
}

function isLeftByClock(circle: readonly Reached[]): boolean {
  const members = new Set(circle);
  const lasting = new Set(circle[0]?.timers.keys());
  for (const { timers, steps } of circle) {
    for (const id of lasting) if (!timers.has(id)) lasting.delete(id);
    for (const { to, fired, touched } of steps) {
      if (!members.has(to)) continue;
      if (fired !== undefined) lasting.delete(fired);
      for (const id of touched) lasting.delete(id);
    }
  }
  return lasting.size > 0;
}

/** Tarjan's components, without recursion: paths are as long as the graph is deep. */
function circlesOf(nodes: ReadonlySet<Reached>): Reached[][] {
  const order = new Map<Reached, number>();
  const low = new Map<Reached, number>();
  const stack: Reached[] = [];
  const onStack = new Set<Reached>();
  const circles: Reached[][] = [];
  const successors = (node: Reached) => node.steps.map(({ to }) => to).filter((to) => nodes.has(to));

  for (const root of nodes) {
    if (order.has(root)) continue;
    const walk = [enter(root)];
    for (let frame = walk.at(-1); frame !== undefined; frame = walk.at(-1)) {
      const { node } = frame;
      const next = frame.rest.pop();
      if (next === undefined) {
        walk.pop();
        const parent = walk.at(-1)?.node;
        if (parent !== undefined) lower(parent, low.get(node));
        if (low.get(node) === order.get(node)) circles.push(takeDownTo(node));
      } else if (!order.has(next)) walk.push(enter(next));
      else if (onStack.has(next)) lower(node, order.get(next));
    }
  }
  return circles;

  function enter(node: Reached): { readonly node: Reached; readonly rest: Reached[] } {
    order.set(node, order.size);
    low.set(node, order.size - 1);
    stack.push(node);
    onStack.add(node);
    return { node, rest: successors(node) };
  }

  function lower(node: Reached, to = Number.POSITIVE_INFINITY): void {
    low.set(node, Math.min(low.get(node) ?? to, to));
  }

  function takeDownTo(node: Reached): Reached[] {
    const circle = stack.splice(stack.lastIndexOf(node));
    for (const member of circle) onStack.delete(member);
    return circle;
  }
}
