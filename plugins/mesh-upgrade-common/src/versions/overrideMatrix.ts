import type { SupportMatrix, SupportMatrixRow } from './supportMatrix';

const MINOR = /^\d{1,3}\.\d{1,3}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const KNOWN_KEYS = new Set(['istio', 'provider', 'kubernetes', 'endOfLife']);

/**
 * The matrix with the rows of a configuration laid over it. A row counts in
 * place of the one with the same minor and provider; what it does not say is
 * kept from there, or for a provider without a row from the general one. A
 * malformed row is named in `problem` and the built-in data stays.
 *
 * @param entries - anything: what stands in the configuration.
 * @public
 */
export function overrideMatrix(
  base: SupportMatrix,
  entries: unknown,
): SupportMatrix {
  if (entries === undefined || entries === null) {
    return base;
  }
  if (!Array.isArray(entries)) {
    return {
      ...base,
      problem: problemOf(['it is not a list']),
    };
  }
  const problems: string[] = [];
  const rows = new Map(base.rows.map(row => [keyOf(row), row]));
  let used = 0;
  entries.forEach((entry, i) => {
    const mistake = mistakeOf(entry);
    if (mistake) {
      problems.push(`[${i}]: ${mistake}`);
      return;
    }
    used += 1;
    const row = entry as SupportMatrixRow;
    const former =
      rows.get(keyOf(row)) ?? rows.get(keyOf({ istio: row.istio }));
    rows.set(keyOf(row), { ...former, ...known(row) });
  });
  return {
    ...base,
    source: used > 0 ? `${base.source}; ${changes(used)}` : base.source,
    rows: [...rows.values()],
    problem: problems.length > 0 ? problemOf(problems) : undefined,
  };
}

function keyOf(row: Pick<SupportMatrixRow, 'istio' | 'provider'>): string {
  return `${row.istio} ${row.provider ?? ''}`;
}

/** Only what was said; a day that somebody wrote down is no estimate. */
function known(row: SupportMatrixRow): SupportMatrixRow {
  const { istio, provider, kubernetes, endOfLife } = row;
  return {
    istio,
    ...(provider !== undefined && { provider }),
    ...(kubernetes && { kubernetes, testedKubernetes: undefined }),
    ...(endOfLife && { endOfLife, estimated: false }),
  };
}

function mistakeOf(entry: unknown): string | undefined {
  if (!isRecord(entry)) {
    return 'it is not an object';
  }
  const { istio, provider, kubernetes, endOfLife } = entry;
  const stranger = Object.keys(entry).find(key => !KNOWN_KEYS.has(key));
  if (stranger !== undefined) {
    return `'${stranger}' is not one of ${[...KNOWN_KEYS].join(', ')}`;
  }
  if (!isMinor(istio)) {
    return `istio must be a minor in quotes such as '1.30', not ${shown(
      istio,
    )}`;
  }
  if (provider !== undefined && (typeof provider !== 'string' || !provider)) {
    return `provider must be a name such as aks, not ${shown(provider)}`;
  }
  if (kubernetes === undefined && endOfLife === undefined) {
    return 'it says neither kubernetes nor endOfLife';
  }
  return mistakeInRange(kubernetes) ?? mistakeInDate(endOfLife);
}

function mistakeInRange(range: unknown): string | undefined {
  if (range === undefined) {
    return undefined;
  }
  if (!isRecord(range) || !isMinor(range.min) || !isMinor(range.max)) {
    return `kubernetes must have min and max such as '1.32', in quotes, not ${shown(
      range,
    )}`;
  }
  return order(range.min) > order(range.max)
    ? `kubernetes.min ${range.min} is above kubernetes.max ${range.max}`
    : undefined;
}

function mistakeInDate(date: unknown): string | undefined {
  const isDay =
    typeof date === 'string' &&
    DATE.test(date) &&
    new Date(`${date}T00:00:00Z`).toJSON()?.startsWith(date);
  return date === undefined || isDay
    ? undefined
    : `endOfLife must be a day such as 2026-11-30, not ${shown(date)}`;
}

function problemOf(problems: string[]): string {
  return `supportMatrix of the configuration: ${problems.join(
    '; ',
  )}. The built-in data is used instead.`;
}

function changes(count: number): string {
  return count === 1
    ? '1 row by configuration'
    : `${count} rows by configuration`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isMinor(value: unknown): value is string {
  return typeof value === 'string' && MINOR.test(value);
}

function order(minor: string): number {
  const [major, minorNumber] = minor.split('.').map(Number);
  return major * 1000 + minorNumber;
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 80) ?? 'nothing';
}
