import { ConfigError } from "../../src/errors/index.js";

/** The error that `action` must throw or reject with. */
export async function configErrorOf(action: () => unknown): Promise<ConfigError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw new Error(`threw ${String(error)} where a ConfigError was due`, { cause: error });
  }
  throw new Error("accepted what is wrong");
}
