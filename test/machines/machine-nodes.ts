import type { AnyStateMachine, AnyStateNode } from "xstate";

/** Every node of a machine, the root first. */
export function nodesOf(machine: AnyStateMachine): readonly AnyStateNode[] {
  const walk = (node: AnyStateNode): AnyStateNode[] => [node, ...Object.values(node.states).flatMap(walk)];
  return walk(machine.root);
}

export function pathOf(node: AnyStateNode): string {
  return node.path.join(".");
}

export function ancestorsOf(node: AnyStateNode): readonly AnyStateNode[] {
  return node.parent === undefined ? [node] : [node, ...ancestorsOf(node.parent)];
}

/** States that a machine can rest in: no children, not final, not left at once. */
export function leavesOf(machine: AnyStateMachine): readonly AnyStateNode[] {
  return nodesOf(machine).filter(
    (node) => Object.keys(node.states).length === 0 && node.type !== "final" && !pathOf(node).endsWith(".proven"),
  );
}
