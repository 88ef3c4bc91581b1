/** One line of a metric. */
export interface MetricSample {
  labels: Record<string, string>;
  value: number;
}

const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** The samples of one metric in the text that Prometheus scrapes; those that are no number are left out. */
export function samplesOf(text: string, metric: string): MetricSample[] {
  return text.split('\n').flatMap(line => {
    if (!line.startsWith(metric)) {
      return [];
    }
    const rest = line.slice(metric.length);
    const [, labels = '', value] = /^(?:\{(.*)\})?\s+(\S+)/.exec(rest) ?? [];
    return Number.isFinite(Number(value ?? NaN))
      ? [{ labels: labelsIn(labels), value: Number(value) }]
      : [];
  });
}

function labelsIn(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(LABEL)].map(([, name, value]) => [
      name,
      value.replace(/\\(.)/g, (_, escaped) =>
        escaped === 'n' ? '\n' : escaped,
      ),
    ]),
  );
}
