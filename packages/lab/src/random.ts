import { createHash } from 'node:crypto';

// The alphabet of generated Kubernetes names: no vowels, no look-alikes.
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** A source of numbers in [0, 1) that a seed decides (the MINSTD generator). */
export function createRandom(seed: number): () => number {
  const modulus = 2_147_483_647;
  let state = (Math.abs(Math.trunc(seed)) % (modulus - 1)) + 1;
  return () => {
    state = (state * 48_271) % modulus;
    return state / modulus;
  };
}

/** A suffix as `generateName` appends one. */
export function nameSuffix(random: () => number, length = 5): string {
  return Array.from(
    { length },
    () => ALPHABET[Math.floor(random() * ALPHABET.length)],
  ).join('');
}

/** Text as a short hash in the alphabet of Kubernetes names, such as `pod-template-hash`. */
export function hashName(text: string): string {
  const digest = createHash('sha1').update(text).digest();
  return Array.from(
    digest.subarray(0, 10),
    byte => ALPHABET[byte % ALPHABET.length],
  ).join('');
}

/** A uid that depends on nothing but its arguments. */
export function stableUid(...parts: Array<string | number>): string {
  const hex = createHash('sha1').update(parts.join('\u0000')).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
