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

/** What virtual HTTP servers remember, whatever becomes of who asked for it. */
export class VirtualHttpSessions {
  readonly #sessions = new Map<string, VirtualHttpSession>();
  #issued = 0;

  all(): readonly VirtualHttpSession[] {
    return [...this.#sessions.values()];
  }

  create(connectionId: string, server: string): VirtualHttpSession {
    this.#issued += 1;
    const session = { id: `http-session-${this.#issued}`, connectionId, server, undeletable: false };
    this.#sessions.set(session.id, session);
    return session;
  }

  knows({ id }: VirtualHttpSession): boolean {
    return this.#sessions.has(id);
  }

  remove({ id }: VirtualHttpSession): void {
    this.#sessions.delete(id);
  }
}

/** What is open between one gateway and virtual HTTP servers. */
export class VirtualNetwork {
  readonly sessions: VirtualHttpSessions;
  readonly sockets = new Set<VirtualSocket>();
  readonly #lingering = new Set<() => void>();

  constructor(sessions: VirtualHttpSessions) {
    this.sessions = sessions;
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
