import { RE2JS } from 're2js';

/** What an upgrade changes about a patch that is bound to proxy versions. */
export type MatchChange = 'stops' | 'starts' | 'same' | 'unreadable';

/** Longer expressions match no proxy: istiod does not compile them. */
const LONGEST = 1024;

/**
 * Compares whom a `proxyVersion` matches before and after an upgrade. Istio
 * searches the expression in the version, unanchored, by the rules of RE2.
 */
export function matchChange(
  expression: string,
  running: string[],
  target: string,
): MatchChange {
  if (expression.length > LONGEST) {
    return 'same';
  }
  let pattern: RE2JS;
  try {
    pattern = RE2JS.compile(expression);
  } catch {
    return 'unreadable';
  }
  const matches = (version: string) => pattern.matcher(version).find();
  const before = running.map(matches);
  if (matches(target)) {
    return before.includes(false) ? 'starts' : 'same';
  }
  return before.includes(true) ? 'stops' : 'same';
}
