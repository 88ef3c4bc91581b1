const MASK = '***';
/** Of keys whose value is a secret itself; one that names where it is kept tells nothing. */
const SECRET =
  /(password|passwd|token|secret|api[-_]?key|private[-_]?key|credentials?)$/i;
const CREDENTIALS = /(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s:@]+:[^/\s@]+@/gi;

/** The same content with what looks like a secret masked. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutSecrets);
  }
  if (typeof value === 'string') {
    return value.replace(CREDENTIALS, `$1${MASK}@`);
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, content]) => [
      key,
      SECRET.test(key) && isText(content) ? MASK : withoutSecrets(content),
    ]),
  );
}

function isText(content: unknown): boolean {
  return typeof content === 'string' && content !== '';
}
