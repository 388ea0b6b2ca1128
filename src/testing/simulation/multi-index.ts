/** Members by key; a key without members is not kept. */
export class MultiIndex<K, V> {
  readonly #sets = new Map<K, Set<V>>();

  add(key: K, value: V): void {
    const set = this.#sets.get(key);
    if (set === undefined) this.#sets.set(key, new Set([value]));
    else set.add(value);
  }

  delete(key: K, value: V): void {
    const set = this.#sets.get(key);
    set?.delete(value);
    if (set?.size === 0) this.#sets.delete(key);
  }

  has(key: K): boolean {
    return this.#sets.has(key);
  }

  /** A copy: members may come and go while it is walked. */
  get(key: K): V[] {
    return [...(this.#sets.get(key) ?? [])];
  }

  keys(): K[] {
    return [...this.#sets.keys()];
  }
}
