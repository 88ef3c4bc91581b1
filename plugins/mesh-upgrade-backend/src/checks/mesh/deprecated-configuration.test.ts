import { runOnCluster } from '../__testUtils__/runOnCluster';
import { deprecatedConfiguration } from './deprecated-configuration';

async function run(
  objects: Record<string, object[]>,
  targetVersion = '1.29.4',
) {
  const findings = await runOnCluster(
    deprecatedConfiguration(),
    objects,
    targetVersion,
  );
  return findings.map(({ severity, link, evidence, objects: hit }) => [
    severity,
    link?.title,
    evidence.observed,
    hit?.map(({ kind, name }) => `${kind} ${name}`),
  ]);
}

function annotated(
  name: string,
  annotations: Record<string, string>,
  labels = {},
) {
  return {
    metadata: { namespace: 'shop', name },
    spec: { template: { metadata: { annotations, labels } } },
  };
}

function spec(name: string, value: object) {
  return { metadata: { namespace: 'shop', name }, spec: value };
}

describe('deprecated-configuration', () => {
  it('passes when nothing deprecated is used', async () => {
    expect(
      await run({
        deployments: [annotated('cart', { 'proxy.istio.io/config': '{}' })],
        virtualservices: [
          spec('cart', {
            http: [{ fault: { delay: { percentage: { value: 5 } } } }],
          }),
        ],
        sidecars: [spec('odd', { outboundTrafficPolicy: null })],
        destinationrules: [spec('odd', { subsets: 'none', trafficPolicy: 7 })],
      }),
    ).toEqual([
      [
        'passed',
        undefined,
        'No deprecated annotation, field or kind',
        undefined,
      ],
    ]);
  });

  it('warns of annotations that the target ignores, and mentions those it does not', async () => {
    const world = {
      deployments: [
        annotated('cart', { 'sidecar.istio.io/statsCompression': 'gzip' }),
      ],
      statefulsets: [annotated('db', { 'sidecar.istio.io/inject': 'true' })],
      daemonsets: [
        annotated(
          'log',
          { 'sidecar.istio.io/inject': 'true' },
          { 'sidecar.istio.io/inject': 'true' },
        ),
      ],
    };
    const [compression, inject, alpha] = await run(world);
    expect(compression).toEqual([
      'warning',
      'IST0135',
      'Annotation sidecar.istio.io/statsCompression',
      ['Deployment cart'],
    ]);
    expect(inject).toEqual([
      'info',
      'IST0135',
      'Annotation sidecar.istio.io/inject',
      ['StatefulSet db'],
    ]);
    expect(alpha.slice(0, 2)).toEqual(['info', 'IST0136']);
    expect((await run(world, '1.28.6'))[0][0]).toBe('info');
  });

  it('reads annotations of namespaces, services and the workloads themselves', async () => {
    expect(
      await run({
        namespaces: [
          {
            metadata: {
              name: 'shop',
              annotations: { 'topology.istio.io/controlPlaneClusters': '*' },
            },
          },
        ],
        services: [
          {
            metadata: {
              name: 'cart',
              namespace: 'shop',
              annotations: { 'networking.istio.io/exportTo': '.' },
            },
          },
        ],
        deployments: [
          {
            metadata: {
              name: 'bare',
              namespace: 'shop',
              annotations: { 'sidecar.istio.io/logLevel': 'debug' },
            },
          },
        ],
      }),
    ).toEqual([
      [
        'info',
        'IST0136',
        'networking.istio.io/exportTo, sidecar.istio.io/logLevel, topology.istio.io/controlPlaneClusters',
        ['Namespace shop', 'Service cart', 'Deployment bare'],
      ],
    ]);
  });

  it.each([
    [
      'IST0002',
      'virtualservices',
      'http.fault.delay.percent',
      { http: [{ fault: { delay: { percent: 5 } } }] },
    ],
    [
      'IST0133',
      'virtualservices',
      'http.mirrorPercent',
      { http: [{}, { mirrorPercent: 0 }] },
    ],
    [
      'IST0002',
      'sidecars',
      'outboundTrafficPolicy.egressProxy',
      { outboundTrafficPolicy: { egressProxy: { host: 'x' } } },
    ],
    [
      'IST0133',
      'destinationrules',
      'outlierDetection.consecutiveErrors',
      {
        subsets: [
          {
            trafficPolicy: {
              portLevelSettings: [
                { outlierDetection: { consecutiveErrors: 3 } },
              ],
            },
          },
        ],
      },
    ],
    [
      'IST0133',
      'destinationrules',
      'loadBalancer.consistentHash.minimumRingSize',
      {
        trafficPolicy: {
          loadBalancer: { consistentHash: { minimumRingSize: '1024' } },
        },
      },
    ],
  ])('finds as %s in %s the field %s', async (code, plural, field, value) => {
    expect(await run({ [plural]: [spec('old', value)] })).toMatchObject([
      ['warning', code, `Field ${field}`, [expect.stringContaining(' old')]],
    ]);
  });

  it('finds kinds that no Istio reads any more', async () => {
    expect(
      await run({
        customresourcedefinitions: [
          {
            metadata: { name: 'servicerolebindings.rbac.istio.io' },
            spec: { group: 'rbac.istio.io', names: {}, versions: [] },
          },
        ],
      }),
    ).toEqual([
      [
        'warning',
        'IST0002',
        '1 definition',
        ['CustomResourceDefinition servicerolebindings.rbac.istio.io'],
      ],
    ]);
  });
});
