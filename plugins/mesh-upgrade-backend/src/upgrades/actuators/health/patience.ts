/** How long one and the same trouble of a look has lasted. */
export function lastedMs(since: unknown, now: Date): number {
  return typeof since === 'string' ? now.getTime() - Date.parse(since) : 0;
}
