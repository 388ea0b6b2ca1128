import { safeServerName } from "../../config/index.js";
import { ConfigError } from "../../errors/index.js";

/** A name of one server. */
export interface Owned {
  readonly server: string;
  readonly name: string;
}

/**
 * Names of tools and prompts as clients see them: `server__name`. The server's part is its name as model providers accept it.
 */
export class Prefixes {
  readonly #servers: readonly { readonly server: string; readonly prefix: string }[];

  /** Throws `ConfigError` where one server's prefix begins another's: `a__b__c` would be two tools. */
  constructor(servers: readonly string[]) {
    this.#servers = servers.map((server) => ({ server, prefix: prefixOf(server) }));
    for (const { server, prefix } of this.#servers) {
      const other = this.#servers.find((one) => one.server !== server && one.prefix.startsWith(prefix));
      if (other === undefined) continue;
      const text = `names of its tools may be those of ${JSON.stringify(server)} too (${other.prefix}…); rename one of them`;
      throw new ConfigError(`mcpServers.${other.server}`, text);
    }
  }

  join({ server, name }: Owned): string {
    return prefixOf(server) + name;
  }

  /** Whose it is; `undefined` if no server has that prefix. */
  split(joined: string): Owned | undefined {
    const owner = this.#servers.find(({ prefix }) => joined.startsWith(prefix));
    return owner && { server: owner.server, name: joined.slice(owner.prefix.length) };
  }
}

function prefixOf(server: string): string {
  return `${safeServerName(server)}__`;
}
