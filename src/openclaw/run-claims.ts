import type { Lease, Session } from "../supervisor/face.js";

/**
 * The claims that runs of OpenClaw have on a session. OpenClaw takes and gives back a lease in one step each, so a claim is there before the
 * supervisor has answered; one lease stands for all of them.
 */
export class RunClaims {
  readonly #session: Session;
  #count = 0;
  #lease: Promise<Lease> | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  get count(): number {
    return this.#count;
  }

  /** The lease, while there is a claim. */
  get lease(): Promise<Lease> | undefined {
    return this.#lease;
  }

  /** `granted` rejects with what `Session.acquire` rejects with; release it then, too. Releasing twice is releasing once. */
  claim(): { readonly granted: Promise<Lease>; readonly release: () => void } {
    const granted = this.#hold();
    this.#count += 1;
    let isReleased = false;
    const release = () => {
      if (isReleased) return;
      isReleased = true;
      this.#count -= 1;
      if (this.#count > 0) return;
      this.#lease = undefined;
      letGo(granted);
    };
    return { granted, release };
  }

  #hold(): Promise<Lease> {
    if (this.#lease !== undefined) {
      // The session is told that somebody came: that cancels an ordinary retirement. A required one refuses it, and the claim stands.
      letGo(this.#session.acquire());
      return this.#lease;
    }
    this.#lease = this.#session.acquire();
    // Whoever claimed without waiting hears of a refusal at the first use.
    this.#lease.catch(() => undefined);
    return this.#lease;
  }
}

function letGo(lease: Promise<Lease>): void {
  lease.then(
    (granted) => granted.release(),
    () => undefined,
  );
}
