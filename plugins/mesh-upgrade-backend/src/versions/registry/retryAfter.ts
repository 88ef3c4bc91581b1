const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Milliseconds that a `Retry-After` header asks to wait, in seconds or as a
 * date, at most a day; undefined for one that says nothing.
 */
export function readRetryAfter(
  header: string | null,
  now: number,
): number | undefined {
  const text = header?.trim();
  if (!text) {
    return undefined;
  }
  const wait = /^\d+$/.test(text)
    ? Number(text) * 1000
    : Date.parse(text) - now;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), DAY_MS);
}
