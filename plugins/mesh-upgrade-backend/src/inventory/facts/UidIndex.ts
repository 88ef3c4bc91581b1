/** Objects found by the uid of another one; an object without it is in no group. */
export class UidIndex<T> {
  readonly #groups = new Map<string, Map<string, T>>();

  set(group: string | undefined, uid: string, value: T): void {
    if (group === undefined) {
      return;
    }
    const members = this.#groups.get(group);
    if (members) {
      members.set(uid, value);
    } else {
      this.#groups.set(group, new Map([[uid, value]]));
    }
  }

  delete(group: string | undefined, uid: string): void {
    const members = group === undefined ? undefined : this.#groups.get(group);
    if (group !== undefined && members?.delete(uid) && members.size === 0) {
      this.#groups.delete(group);
    }
  }

  get(group: string): T[] {
    return [...(this.#groups.get(group)?.values() ?? [])];
  }
}
