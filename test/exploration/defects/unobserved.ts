/** Does the work, and gives what was rejected meanwhile without anybody to observe it. */
export async function unobservedWhile<T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly unobserved: readonly unknown[] }> {
  const unobserved: unknown[] = [];
  const collect = (reason: unknown) => void unobserved.push(reason);
  const former = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", collect);
  try {
    const result = await work();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    return { result, unobserved };
  } finally {
    process.off("unhandledRejection", collect);
    for (const listener of former) process.on("unhandledRejection", listener);
  }
}
