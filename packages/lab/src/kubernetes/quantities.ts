/**
 * A number or a percentage of `total`; percentages of a surge round up, those of unavailability
 * round down.
 */
export function resolveCount(
  value: number | string | undefined,
  total: number,
  rounding: 'up' | 'down',
): number {
  if (typeof value === 'number') {
    return value;
  }
  const share = (Number.parseFloat(value ?? '0') / 100) * total;
  return value?.endsWith('%')
    ? Math[rounding === 'up' ? 'ceil' : 'floor'](share)
    : Number(value ?? 0);
}
