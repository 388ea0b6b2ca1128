/** Which session a key names. A session may have several keys; a key names one session. */
export class SessionNames {
  readonly #ids = new Map<string, string>();

  /** Gives the id of the session that has lost its last name by it. */
  bind(key: string, id: string): string | undefined {
    const former = this.#ids.get(key);
    this.#ids.set(key, id);
    if (former === undefined || former === id) return undefined;
    return [...this.#ids.values()].includes(former) ? undefined : former;
  }

  idOf(key: string): string | undefined {
    return this.#ids.get(key);
  }

  /** The session is over. */
  forget(id: string): void {
    for (const [key, named] of this.#ids) if (named === id) this.#ids.delete(key);
  }
}
