/** Rejections that nobody attached to, from now on; the test runner's own listeners are put aside meanwhile. */
export interface UnhandledRejections extends Disposable {
  readonly reasons: readonly unknown[];
}

export function collectUnhandledRejections(): UnhandledRejections {
  const reasons: unknown[] = [];
  const collect = (reason: unknown) => void reasons.push(reason);
  const former = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", collect);
  return {
    reasons,
    [Symbol.dispose]: () => {
      process.off("unhandledRejection", collect);
      for (const listener of former) process.on("unhandledRejection", listener);
    },
  };
}
