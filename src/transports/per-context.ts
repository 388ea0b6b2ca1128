import type { PerContext } from "../config/server-config.js";
import type { ClientContext } from "../ports/index.js";

/** Asks for a value that may depend on whom it is for. Rejects with whatever the host's function throws. */
export async function resolvePerContext<T>(
  value: PerContext<T> | undefined,
  context: ClientContext,
): Promise<T | undefined> {
  return isFunction(value) ? value(context) : value;
}

function isFunction<T>(value: PerContext<T> | undefined): value is (context: ClientContext) => T | Promise<T> {
  return typeof value === "function";
}
