/** One way to authenticate that a registry names in `WWW-Authenticate`. */
export interface AuthChallenge {
  /** Lower case, e.g. `bearer`. */
  scheme: string;
  parameters: Record<string, string>;
}

// Either `key=value`, quoted or not, or the name of the next scheme.
const PART =
  /([A-Za-z][\w-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([A-Za-z][\w-]*)(?=\s|,|$)/g;

/** Reads every challenge of the header, in its order; what is unreadable is left out. */
export function parseAuthChallenges(header: string): AuthChallenge[] {
  const challenges: AuthChallenge[] = [];
  for (const [, key, quoted, bare, scheme] of header.matchAll(PART)) {
    if (scheme) {
      challenges.push({ scheme: scheme.toLowerCase(), parameters: {} });
    } else {
      const value = quoted?.replace(/\\(.)/g, '$1') ?? bare;
      const current = challenges[challenges.length - 1];
      if (current) {
        current.parameters[key.toLowerCase()] = value;
      }
    }
  }
  return challenges;
}
