/**
 * Keeps one copy of strings that thousands of pods share, such as an image or
 * a node's name: each parsed page of a list would bring its own copies.
 */
export class Interner {
  readonly #known = new Map<string, string>();

  intern<T extends string | undefined>(value: T): T {
    if (value === undefined) {
      return value;
    }
    const known = this.#known.get(value);
    if (known !== undefined) {
      return known as T;
    }
    this.#known.set(value, value);
    return value;
  }
}
