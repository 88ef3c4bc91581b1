/** A list's own metadata comes first and is short. */
const HEAD_LENGTH = 4_000;

/**
 * The continue token at the head of a list's JSON, known before its items are
 * parsed; undefined where there is none, or the metadata does not come first.
 */
export function announcedToken(text: string): string | undefined {
  const head = text.slice(0, HEAD_LENGTH);
  const items = head.indexOf('"items"');
  const token = /"continue":\s*"([^"\\]+)"/.exec(
    items < 0 ? '' : head.slice(0, items),
  );
  return token?.[1];
}
