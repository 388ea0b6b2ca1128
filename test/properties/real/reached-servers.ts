import { WitnessError } from "../../../src/testing/witness/index.js";
import { hostileServers } from "../../../src/testing/hostile/index.js";
import type { ServerKindName } from "./server-kinds.js";

/** What the servers of a test run have to be, each of these at least once. */
const families = ["hostile", "reference", "HTTP"] as const;
type Family = (typeof families)[number];

/** The servers that lives really came to. */
export class ReachedServers {
  readonly #counts = new Map<Family, number>();

  /** A server that saw a process of its own, or a request. */
  server(name: ServerKindName): void {
    const family = familyOf(name);
    this.#counts.set(family, (this.#counts.get(family) ?? 0) + 1);
  }

  toString(): string {
    return `servers reached: ${families.map((family) => `${family} ${this.#counts.get(family) ?? 0}`).join(", ")}`;
  }

  /** Throws what was never reached. */
  assertEverything(): void {
    const missed = families.filter((family) => !this.#counts.has(family));
    if (missed.length > 0) throw new WitnessError(`no server was reached that is ${missed.join(", or ")}`);
  }
}

function familyOf(name: ServerKindName): Family {
  if (name in hostileServers) return "hostile";
  return name.includes("HTTP") ? "HTTP" : "reference";
}
