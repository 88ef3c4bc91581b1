import type { KubernetesClient } from '../clusters/types';
import { metricsProblem, readIstiodCounts } from './istiodMetrics';
import { samplesOf } from './prometheusText';
import type { Pod } from './types';

const BUILD = 'istio_build{component="pilot",tag="1.30.3"} 1';
const METRICS = `${BUILD}
# HELP pilot_xds Number of endpoints connected to this pilot using XDS.
# TYPE pilot_xds gauge
pilot_xds{version="1.29.4"} 40
pilot_xds{version="1.30.3"} 2
pilot_xds_cds_reject{err="Internal",node="a.b"} 9
pilot_xds_pushes{type="cds"} 100
pilot_xds_pushes{type="lds"} 1e+02
pilot_xds_pushes{type="lds_senderr"} 3
pilot_total_xds_rejects{type="cds"} 2
pilot_total_xds_internal_errors 1
pilot_xds_write_timeout NaN
`;

describe('readIstiodCounts', () => {
  it('adds up what every replica counted', async () => {
    const asked: unknown[] = [];
    const client = {
      podProxy: async (pod: { name: string; port: number }, path: string) => {
        asked.push([pod.name, pod.port, path]);
        return pod.name === 'a'
          ? METRICS
          : `${BUILD}\npilot_xds{version="1.30.3"} 5\n`;
      },
    } as Partial<KubernetesClient> as KubernetesClient;
    const pods = ['a', 'b'].map(
      name => ({ metadata: { name, namespace: 'istio-system' } } as Pod),
    );
    const counts = await readIstiodCounts(
      client,
      pods,
      new AbortController().signal,
    );
    expect(counts).toEqual({
      proxies: new Map([
        ['1.29.4', 40],
        ['1.30.3', 7],
      ]),
      connected: 47,
      pushes: 200,
      errors: 6,
    });
    expect(asked).toEqual([
      ['a', 15014, 'metrics'],
      ['b', 15014, 'metrics'],
    ]);
  });

  it('takes no other answer for an istiod without proxies', async () => {
    const client = {
      podProxy: async () => '<html>sign in</html>',
    } as Partial<KubernetesClient> as KubernetesClient;
    const pod = { metadata: { name: 'a', namespace: 'n' } } as Pod;
    await expect(
      readIstiodCounts(client, [pod], new AbortController().signal),
    ).rejects.toThrow(/not with metrics of istiod: <html>/);
  });

  it('says which right is missing', () => {
    const refused = Object.assign(new Error('pods/proxy is forbidden'), {
      reason: 'Forbidden',
    });
    expect(metricsProblem(refused)).toBe(
      'pods/proxy is forbidden. Allow it with deploy/istiod-version.yaml',
    );
    expect(metricsProblem(new DOMException('', 'TimeoutError'))).toBe(
      'istiod did not answer on port 15014 within 3 s',
    );
  });
});

describe('samplesOf', () => {
  it('reads labels with quotes and commas in them, and no metric of a longer name', () => {
    const text =
      'm{a="x,\\"y\\"",b="line\\nbreak"} 1 1700000000\nm_total 7\nm +Inf\nm 2\n';
    expect(samplesOf(text, 'm')).toEqual([
      { labels: { a: 'x,"y"', b: 'line\nbreak' }, value: 1 },
      { labels: {}, value: 2 },
    ]);
  });
});
