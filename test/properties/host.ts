import { SupervisorShutdownError } from "../../src/errors/index.js";
import type { Lease, Session, SessionOptions, Supervisor } from "../../src/index.js";
import type { Clock } from "../../src/ports/index.js";
import { Expectations } from "./expectations.js";

/** What a host is made of. */
export interface HostParts {
  readonly supervisor: Supervisor;
  readonly clock: Clock;
  /** The longest that an end without a deadline may take. */
  readonly longestEndMs: number;
  /** How late the timers of this world may fire. */
  readonly latenessMs: number;
  /** Of every session, unless a command says otherwise. */
  readonly sessionOptions: SessionOptions;
}

/** A host: what it holds, what it was promised, and what it gave up. */
export class Host {
  readonly supervisor: Supervisor;
  readonly longestEndMs: number;
  readonly expectations: Expectations;
  /** Every generation it ever saw. */
  readonly sessions = new Set<Session>();
  /** Connections that it gave up as an operator. */
  readonly forgotten = new Set<string>();
  readonly #hurried = new Set<Session>();
  readonly #parents = new Map<Session, Session>();
  readonly #leases = new Map<string, Lease[]>();
  readonly #sessionOptions: SessionOptions;
  readonly #latenessMs: number;
  #isShutDown = false;

  constructor({ supervisor, clock, longestEndMs, latenessMs, sessionOptions }: HostParts) {
    this.supervisor = supervisor;
    this.longestEndMs = longestEndMs + latenessMs;
    this.expectations = new Expectations(clock);
    this.#sessionOptions = sessionOptions;
    this.#latenessMs = latenessMs;
  }

  /** Undefined once it has shut down. */
  session(key: string, options: SessionOptions = {}): Session | undefined {
    return this.#unlessShutDown(() => this.supervisor.session(key, { ...this.#sessionOptions, ...options }));
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
    return this.#unlessShutDown(() => this.supervisor.rebind(key, this.#sessionOptions));
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

  /** The longest that an end with that deadline may take; one millisecond is given to each. */
  longestEndWithin(deadlineMs: number): number {
    return Math.max(1, deadlineMs) + this.#latenessMs;
  }

  shutdown(deadlineMs: number) {
    this.#isShutDown = true;
    return this.expectations.of(
      `shutdown within ${deadlineMs} ms`,
      this.supervisor.shutdown({ deadlineMs }),
      this.longestEndWithin(deadlineMs),
    );
  }

  /** Everything open, opening or closing, with the generation it belongs to. */
  connections() {
    const { sessions } = this.supervisor.inspect();
    return sessions.flatMap(({ id: generation, connections }) => connections.map((each) => ({ ...each, generation })));
  }

  /** As an operator gives a leaked connection up. */
  forget(connectionId: string): void {
    this.forgotten.add(connectionId);
    this.supervisor.forget(connectionId, "an operator gave it up");
  }

  /** Expects that `work` settles, and does not wait for it. False if there is none. */
  begin(step: object, work: Promise<unknown> | undefined, withinMs?: number): boolean {
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
