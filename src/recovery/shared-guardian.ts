import type { Clock, ProcessIdentity } from "../ports/index.js";
import { createGuardian, type Guardian } from "./guardian.js";

// The number changes with what the copies of the package have to agree on.
const shared = Symbol.for("mcp-lifecycle.guardian.1");

/** The guardian of this process, which all copies of the package in it share: one gateway, one guardian. */
export function sharedGuardian(options: { readonly clock: Clock; readonly owner: () => ProcessIdentity }): Guardian {
  const place = globalThis as { [key: symbol]: Guardian | undefined };
  return (place[shared] ??= createGuardian(options));
}
