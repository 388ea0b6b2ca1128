import { cookiePrefix } from "../../src/processes/index.js";
import type { SpawnedTree } from "../../src/processes/index.js";
import type { ProcessShape, VirtualGateway, World } from "../../src/testing/simulation/index.js";

const command = "server of a sibling";

/** What a sibling starts. */
export const programs: Record<string, ProcessShape> = {
  [command]: { command, onEof: "ignored", children: [{ command: "helper" }] },
};

const cookie = `${cookiePrefix}${"5".repeat(32)}`;
const members = 2;

/** Another gateway of the same user, with a record on the same disk. It lives, and so its tree is nobody else's to end. */
export class Sibling {
  readonly #world: World;
  readonly #gateway: VirtualGateway;
  readonly #tree: SpawnedTree;

  private constructor(world: World, gateway: VirtualGateway, tree: SpawnedTree) {
    this.#world = world;
    this.#gateway = gateway;
    this.#tree = tree;
  }

  static async start(world: World): Promise<Sibling> {
    const gateway = world.startGateway();
    // Whatever troubles the others: it is to have a tree and a record.
    gateway.recover();
    await gateway.ledger.intend({ connectionId: cookie, server: "a", cookie });
    const tree = await gateway.processHost.spawn({ command, args: [], env: {}, cookie });
    await gateway.ledger.started(cookie, tree.ref);
    return new Sibling(world, gateway, tree);
  }

  /** Ends it; a sentence if somebody had done so before, or had removed its record. */
  async end(): Promise<readonly string[]> {
    const { ledger, processHost } = this.#gateway;
    const left = this.#world.truth.liveProcesses(cookie).length;
    const isRecorded = ledger.records.some(({ connectionId }) => connectionId === cookie);
    processHost.killSync(this.#tree.ref);
    processHost.forget(this.#tree.ref);
    await ledger.remove(cookie);
    return [
      ...(left < members ? [`I6: ${left} of ${members} processes of a living sibling are left`] : []),
      ...(isRecorded ? [] : ["the record of a living sibling was removed"]),
    ];
  }
}
