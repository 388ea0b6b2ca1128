const events = ["unhandledRejection", "uncaughtException"] as const;

/** Does the work, and gives what was rejected or thrown meanwhile without anybody to observe it. */
export async function unobservedWhile<T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly unobserved: readonly unknown[] }> {
  const unobserved: unknown[] = [];
  const collect = (reason: unknown) => void unobserved.push(reason);
  const former = events.map((event) => ({ event, listeners: process.rawListeners(event) }));
  for (const event of events) process.removeAllListeners(event).on(event, collect);
  try {
    const result = await work();
    // XState throws what an observer threw by a timer of its own.
    await new Promise((resolve) => {
      setTimeout(() => setImmediate(resolve), 1);
    });
    return { result, unobserved };
  } finally {
    for (const { event, listeners } of former) {
      process.removeAllListeners(event);
      for (const listener of listeners) process.on(event, listener as () => void);
    }
  }
}
