const MASK = '***';
const PATTERNS: [RegExp, string][] = [
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s:@]+:[^/\s@]+@/gi, `$1${MASK}@`],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]+/gi, `$1 ${MASK}`],
  [
    /((?:password|passwd|token|secret|api[-_]?key|credential)s?["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;]+)/gi,
    `$1${MASK}`,
  ],
];

/** A line of a log without what looks like a credential. */
export function maskSecrets(line: string): string {
  return PATTERNS.reduce(
    (masked, [pattern, replacement]) => masked.replace(pattern, replacement),
    line,
  );
}
