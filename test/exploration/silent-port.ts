import type { SessionPort } from "../../src/machines/index.js";

const never = <T>() => new Promise<T>(() => undefined);
const nothing = () => undefined;

/** A port whose answers are the explorer's to give: the pure transition function starts no actor and asks nobody. */
export const silentPort: SessionPort = {
  open: never,
  settle: never,
  drained: never,
  release: never,
  endInput: never,
  terminate: never,
  kill: never,
  look: never,
  afterClose: never,
  stopAfterClose: never,
  refuseCalls: nothing,
  abortCalls: nothing,
  abortOpen: nothing,
  leaked: nothing,
  closed: nothing,
  takeOver: nothing,
  disposed: never,
  endBegan: nothing,
  abortSessionCalls: nothing,
  takeOverSession: nothing,
};
