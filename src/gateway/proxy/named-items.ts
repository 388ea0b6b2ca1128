import { isLifecycleError, LifecycleError } from "../../errors/index.js";
import { invalidParams } from "../rpc-error.js";
import { listAll, type ListKind, listPage, type ListAsk } from "./lists.js";
import type { Owned, Prefixes } from "./names.js";
import type { Result, Upstreams } from "./upstreams.js";

/** Tools or prompts of all servers, by the names that clients use. */
export interface NamedItems {
  page(ask: ListAsk): Promise<Result>;
  /** Whose it is. Rejects with the protocol's error if it is nobody's. */
  owner(name: unknown, ask: ListAsk): Promise<Owned>;
}

/** With the server's name before each: whose it is shows in the name, and nothing has to be listed to know. */
export function prefixedItems(upstreams: Upstreams, kind: ListKind, prefixes: () => Prefixes): NamedItems {
  return {
    async page(ask) {
      const { items, nextCursor } = await listPage(upstreams, { ...ask, kind });
      const named = items.map(({ server, item }) => ({
        ...item,
        name: prefixes().join({ server, name: nameOf(item) }),
      }));
      return { [kind.field]: named, ...(nextCursor !== undefined && { nextCursor }) };
    },
    owner: (name) => {
      const owned = typeof name === "string" ? prefixes().split(name) : undefined;
      return owned === undefined ? Promise.reject(unknownName(kind, name)) : Promise.resolve(owned);
    },
  };
}

/** As the servers name them. Two of one name are an error, whenever a list shows them. */
export function plainItems(upstreams: Upstreams, kind: ListKind): NamedItems {
  let owners = new Map<string, string>();
  const learn = (known: Map<string, string>, server: string, name: string) => {
    const other = known.get(name);
    if (other !== undefined && other !== server) throw nameCollision(kind, name, [other, server]);
    known.set(name, server);
  };
  return {
    async page(ask) {
      const { items, nextCursor } = await listPage(upstreams, { ...ask, kind });
      // A first page begins anew: a name may have gone from one server to another.
      const known = ask.cursor === undefined ? new Map<string, string>() : owners;
      for (const { server, item } of items) learn(known, server, nameOf(item));
      owners = known;
      return { [kind.field]: items.map(({ item }) => item), ...(nextCursor !== undefined && { nextCursor }) };
    },
    async owner(name, ask) {
      if (typeof name !== "string") throw unknownName(kind, name);
      if (!owners.has(name)) {
        const known = new Map<string, string>();
        for (const { server, item } of await listAll(upstreams, { ...ask, kind })) learn(known, server, nameOf(item));
        owners = known;
      }
      const server = owners.get(name);
      if (server === undefined) throw unknownName(kind, name);
      return { server, name };
    },
  };
}

/** Whether a list failed because names collide: no server's failure, but the configuration's. */
export function isNameCollision(error: unknown): boolean {
  return isLifecycleError(error) && error.code === "NAME_COLLISION";
}

function nameCollision({ field }: ListKind, name: string, servers: readonly string[]): LifecycleError {
  const owners = servers.map((server) => JSON.stringify(server)).join(" and ");
  const text = `${owners} both have ${JSON.stringify(name)} among their ${field}; start the gateway without --no-prefix`;
  return new LifecycleError("NAME_COLLISION", text);
}

function unknownName({ field }: ListKind, name: unknown) {
  return invalidParams(`Unknown ${field === "tools" ? "tool" : "prompt"}: ${String(name)}`);
}

function nameOf({ name }: Result): string {
  return String(name);
}
