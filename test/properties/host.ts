import { SupervisorShutdownError } from "../../src/errors/index.js";
import type { Lease, Session, SessionOptions } from "../../src/index.js";
import type { Simulated } from "../supervisor/simulated.js";
import type { Command } from "./commands.js";
import { Expectations } from "./expectations.js";

/** A host: what it holds, what it was promised, and what it gave up. */
export class Host {
  readonly simulated: Simulated;
  readonly expectations: Expectations;
  /** Every generation it ever saw. */
  readonly sessions = new Set<Session>();
  /** Connections that it gave up as an operator. */
  readonly forgotten = new Set<string>();
  readonly #hurried = new Set<Session>();
  readonly #parents = new Map<Session, Session>();
  readonly #leases = new Map<string, Lease[]>();
  #isShutDown = false;

  constructor(simulated: Simulated) {
    this.simulated = simulated;
    this.expectations = new Expectations(simulated.world.clock);
  }

  /** Undefined once it has shut down. */
  session(key: string, options: SessionOptions = {}): Session | undefined {
    return this.#unlessShutDown(() => this.simulated.supervisor.session(key, options));
  }

  child(parent: Session): Session | undefined {
    const child = this.session(`child of ${parent.key}`, { parent });
    if (child && !this.#parents.has(child)) this.#parents.set(child, parent);
    return child;
  }

  /** Gives the end of a session so little time that it may be reported as leaked. */
  hurry(session: Session): void {
    this.#hurried.add(session);
  }

  /** Whether its end was given little time, or its parent's, which is its own too. */
  isHurried(session: Session): boolean {
    const parent = this.#parents.get(session);
    return this.#hurried.has(session) || (parent !== undefined && this.isHurried(parent));
  }

  rebind(key: string): Session | undefined {
    return this.#unlessShutDown(() => this.simulated.supervisor.rebind(key));
  }

  /** The next generation is there at once; that the former one is gone comes later. */
  reset(session: Session): ReturnType<Session["reset"]> {
    const work = session.reset();
    this.session(session.key);
    return work;
  }

  async acquire(session: Session): Promise<Lease | undefined> {
    const lease = await this.expectations.of("acquire", session.acquire());
    if (lease) this.#leases.set(session.key, [...(this.#leases.get(session.key) ?? []), lease]);
    return lease;
  }

  /** The youngest. */
  lease(key: string): Lease | undefined {
    return this.#leases.get(key)?.at(-1);
  }

  release(key: string): boolean {
    const lease = this.#leases.get(key)?.pop();
    lease?.release();
    return lease !== undefined;
  }

  shutdown(deadlineMs: number) {
    const { supervisor, world } = this.simulated;
    this.#isShutDown = true;
    world.truth.fence();
    return this.expectations.of(
      `shutdown within ${deadlineMs} ms`,
      supervisor.shutdown({ deadlineMs }),
      Math.max(1, deadlineMs),
    );
  }

  /** Everything open, opening or closing, with the generation it belongs to. */
  connections() {
    const { sessions } = this.simulated.supervisor.inspect();
    return sessions.flatMap(({ id: generation, connections }) => connections.map((each) => ({ ...each, generation })));
  }

  /** As an operator gives a leaked connection up. */
  forget(connectionId: string): void {
    this.forgotten.add(connectionId);
    this.simulated.supervisor.forget(connectionId, "an operator gave it up");
  }

  /** Expects that `work` settles, and does not wait for it. False if there is none. */
  begin(step: Command, work: Promise<unknown> | undefined, withinMs?: number): boolean {
    if (work) void this.expectations.of(JSON.stringify(step), work, withinMs);
    return work !== undefined;
  }

  #unlessShutDown(make: () => Session): Session | undefined {
    try {
      const session = make();
      this.sessions.add(session);
      return session;
    } catch (error) {
      if (this.#isShutDown && error instanceof SupervisorShutdownError) return undefined;
      throw error;
    }
  }
}
