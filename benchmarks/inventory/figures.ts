import type { Figure } from '../Benchmark';

const DECIMALS = 2;

/** A measured number is good up to its limit. */
export function figure(measured: Omit<Figure, 'ok'>): Figure {
  return {
    ...measured,
    value: Number(measured.value.toFixed(DECIMALS)),
    limit: Number(measured.limit.toFixed(DECIMALS)),
    ok: measured.value <= measured.limit,
  };
}

export function median(values: number[]): number {
  return percentile(values, 50);
}

/** The smallest value that `percent` of the values do not exceed. */
export function percentile(values: number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
}

/** Progress; the result on standard output comes last and alone. */
export function say(text: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
}
