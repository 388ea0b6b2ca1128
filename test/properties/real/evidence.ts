import { killByIdentity } from "../../real/support/kill.js";
import { serverNames } from "../host-commands.js";
import type { MarkedProcess } from "./life-mark.js";
import type { RealWorld } from "./worlds.js";

/** What can be seen of a life from outside, by the kernel and by the servers themselves; nothing of it is the library's word. */
export class Evidence {
  readonly #world: RealWorld;
  readonly #ended = new Set<string>();
  readonly #violations = new Set<string>();

  /** Looks at the moment of each receipt too: whoever is alive then proves it wrong. */
  constructor(world: RealWorld) {
    this.#world = world;
    world.supervisor.on("receipt", ({ session }) => {
      this.#ended.add(session);
      this.look();
    });
  }

  /** The leaders of all trees that are alive now. */
  look(): readonly MarkedProcess[] {
    const alive = this.#world.mark.processes();
    for (const { seen, generation, server } of alive) {
      if (this.#ended.has(generation))
        this.#violations.add(
          `${generation} has its receipt, and pid ${seen.pid} of its server ${server} is alive (I2)`,
        );
    }
    const leaders = alive.filter(({ isLeader }) => isLeader);
    for (const leader of leaders) {
      this.#subjectOf(leader)?.remember(leader.seen.pid);
      const twin = leaders.find((other) => other !== leader && isSameServer(other, leader));
      if (twin) this.#violations.add(`two trees of ${leader.server} of ${leader.generation} are alive at once (I11)`);
    }
    return leaders;
  }

  /** SIGKILL from outside to the nth of those leaders. False if there is none. */
  kill(nth: number, isMeant: (server: string) => boolean): boolean {
    const meant = this.look().filter(({ server }) => isMeant(server));
    const victim = meant[nth % Math.max(1, meant.length)];
    if (victim) killByIdentity(victim.seen);
    return victim !== undefined;
  }

  /** When everything is over: one sentence for each thing that is left, or was there when it was not to be. */
  async problems(): Promise<readonly string[]> {
    this.look();
    const left = this.#world.mark.processes().map(({ seen }) => `pid ${seen.pid} is left: ${seen.command}`);
    const complaints = await Promise.all(serverNames.map((name) => this.#leftOf(name)));
    return [...this.#violations, ...left, ...complaints.flat()];
  }

  async #leftOf(name: (typeof serverNames)[number]): Promise<readonly string[]> {
    const subject = this.#world.subjects[name];
    if (!(await subject.touched())) return [];
    return await subject.nothingLeft().then(
      () => [],
      (thrown: unknown) => [`server ${name}: ${String(thrown)}`],
    );
  }

  #subjectOf({ server }: MarkedProcess) {
    const name = serverNames.find((each) => each === server);
    return name && this.#world.subjects[name];
  }
}

function isSameServer(one: MarkedProcess, other: MarkedProcess): boolean {
  return one.generation === other.generation && one.server === other.server;
}
