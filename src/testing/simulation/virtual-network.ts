/** An HTTP session that a virtual server keeps. */
export interface VirtualHttpSession {
  readonly id: string;
  readonly connectionId: string;
  readonly server: string;
  /** The server answered 405: it may be kept, nobody can delete it. */
  undeletable: boolean;
}

/** A socket, stream or request that is open between the gateway and a virtual server. */
export interface VirtualSocket {
  readonly connectionId: string;
  readonly server: string;
  /** What it is for. */
  readonly purpose: string;
}

/** What is open between the gateway and virtual HTTP servers, and what these remember. */
export class VirtualNetwork {
  readonly sockets = new Set<VirtualSocket>();
  readonly #sessions = new Map<string, VirtualHttpSession>();
  readonly #lingering = new Set<() => void>();
  #issued = 0;

  get sessions(): readonly VirtualHttpSession[] {
    return [...this.#sessions.values()];
  }

  createSession(connectionId: string, server: string): VirtualHttpSession {
    this.#issued += 1;
    const session = { id: `http-session-${this.#issued}`, connectionId, server, undeletable: false };
    this.#sessions.set(session.id, session);
    return session;
  }

  knows(session: VirtualHttpSession): boolean {
    return this.#sessions.has(session.id);
  }

  removeSession(session: VirtualHttpSession): void {
    this.#sessions.delete(session.id);
  }

  /** Somebody's sockets will not close by themselves. */
  linger(close: () => void): void {
    this.#lingering.add(close);
  }

  /** Closes every socket that lingers. */
  closeLingering(): void {
    for (const close of this.#lingering) close();
    this.#lingering.clear();
  }
}
