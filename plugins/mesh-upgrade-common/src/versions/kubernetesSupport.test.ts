import { kubernetesRange, kubernetesSupport } from './kubernetesSupport';
import { BUILT_IN_MATRIX } from './builtInMatrix';

describe('kubernetesSupport', () => {
  it.each([
    ['1.30.3', 'v1.31.9', 'tooLow'],
    ['1.30.3', 'v1.32.0', 'ok'],
    ['1.30.3', '1.36+', 'ok'],
    ['1.30.3', 'v1.37.0', 'tooHigh'],
    ['1.30.3', 'v2.0.0', 'tooHigh'],
    ['1.30.3', 'v1.33.4-gke.1200', 'ok'],
    ['1.30.3', 'v1.9.0', 'tooLow'],
    ['1.30.3-mspider', 'v1.31.0', 'tooLow'],
    ['1.30.3-mspider', 'v1.34.0', 'ok'],
    // The installer's floor (1.30) is lower than what is supported (1.31).
    ['1.29.4', 'v1.30.2', 'tooLow'],
    // No range is published: only the installer's floor is known.
    ['1.31.1', 'v1.31.0', 'tooLow'],
    ['1.31.1', 'v1.34.0', 'unknown'],
    ['1.31.1', 'v1.39.0', 'unknown'],
    ['1.15.0', 'v1.22.0', 'unknown'],
    ['1.99.0', 'v1.34.0', 'unknown'],
    ['latest', 'v1.34.0', 'unknown'],
    ['1.30.3', undefined, 'unknown'],
    ['1.30.3', 'banana', 'unknown'],
  ] as const)('Istio %s on Kubernetes %s: %s', (istio, kubernetes, verdict) => {
    expect(kubernetesSupport(istio, kubernetes)).toBe(verdict);
  });

  it.each([
    ['1.29.4', 'v1.36.1', ['aks'], 'ok'],
    ['1.29.4', 'v1.36.1', ['gke'], 'tooHigh'],
    ['1.29.4', 'v1.36.1', ['gke', 'aks'], 'ok'],
    // No row of its own: what the project says counts.
    ['1.27.8', 'v1.34.0', ['aks'], 'tooHigh'],
  ] as const)(
    'Istio %s on Kubernetes %s of %j: %s',
    (istio, kubernetes, providers, verdict) => {
      expect(kubernetesSupport(istio, kubernetes, { providers })).toBe(verdict);
    },
  );

  it('tells the range where one is published', () => {
    expect(kubernetesRange('1.30.3-mspider')).toEqual({
      min: '1.32',
      max: '1.36',
    });
    expect(kubernetesRange('1.31.1')).toBeUndefined();
  });
});

describe('BUILT_IN_MATRIX', () => {
  const { rows } = BUILT_IN_MATRIX;
  const minorNumber = (version: string) => Number(version.split('.')[1]);

  it('is newest first and without gaps', () => {
    const minors = rows
      .filter(row => !row.provider)
      .map(row => minorNumber(row.istio));
    expect(minors).toEqual(minors.map((_, i) => minors[0] - i));
  });

  it.each(rows.filter(row => row.kubernetes))(
    'has ranges for $istio ($provider) that fit together',
    ({ kubernetes, testedKubernetes, installFloor }) => {
      const min = minorNumber(kubernetes!.min);
      expect(minorNumber(kubernetes!.max)).toBeGreaterThan(min);
      expect(minorNumber(installFloor ?? '1.0')).toBeLessThanOrEqual(min);
      expect(minorNumber(testedKubernetes?.max ?? '1.0')).toBeLessThan(min);
    },
  );
});
