import { runOnCluster } from '../__testUtils__/runOnCluster';
import type { CustomResourceDefinition } from '../configuration/resources';
import { gatewayApiVersion } from './gateway-api-version';

function definition(
  plural: string,
  kind: string,
  versions: string[],
  bundle = 'v1.5.1',
  channel = 'standard',
): CustomResourceDefinition {
  return {
    metadata: {
      name: `${plural}.gateway.networking.k8s.io`,
      annotations: {
        'gateway.networking.k8s.io/bundle-version': bundle,
        'gateway.networking.k8s.io/channel': channel,
      },
    },
    spec: {
      group: 'gateway.networking.k8s.io',
      names: { plural, kind },
      versions: versions.map(name => ({ name, served: true, storage: false })),
    },
  };
}

const CURRENT = [
  definition('gateways', 'Gateway', ['v1', 'v1beta1']),
  definition('tlsroutes', 'TLSRoute', ['v1', 'v1alpha2']),
];

function run(objects: Record<string, object[]>, targetVersion = '1.30.3') {
  return runOnCluster(gatewayApiVersion(), objects, targetVersion);
}

describe('gateway-api-version', () => {
  it('passes without a Gateway API, and with one the target reads', async () => {
    expect(await run({})).toMatchObject([
      { severity: 'passed', evidence: { observed: 'Not installed' } },
    ]);
    expect(await run({ customresourcedefinitions: CURRENT })).toMatchObject([
      {
        severity: 'passed',
        evidence: { observed: 'Gateway API v1.5.1 standard' },
      },
    ]);
  });

  it('asks for consent when objects of a too old definition vanish from istiod', async () => {
    const old = [
      definition('gateways', 'Gateway', ['v1', 'v1beta1'], 'v1.4.1'),
      definition('tlsroutes', 'TLSRoute', ['v1alpha2'], 'v1.4.1'),
    ];
    const world = {
      customresourcedefinitions: old,
      tlsroutes: [{ metadata: { namespace: 'shop', name: 'passthrough' } }],
    };
    expect(await run(world)).toMatchObject([
      {
        severity: 'consent',
        title: 'Istio 1.30.3 does not see 1 TLSRoute',
        evidence: {
          observed: 'Of Gateway API v1.4.1; used by TLSRoute shop/passthrough',
          expected: 'At least Gateway API 1.5.0',
        },
        objects: [{ kind: 'TLSRoute', namespace: 'shop', name: 'passthrough' }],
        link: { title: 'IST0176' },
      },
    ]);
    expect(await run(world, '1.29.4')).toMatchObject([{ severity: 'passed' }]);
    expect(await run({ customresourcedefinitions: old })).toMatchObject([
      { severity: 'warning' },
    ]);
  });

  it('takes a release candidate of the definitions for its release', async () => {
    expect(
      await run({
        customresourcedefinitions: [
          definition('tlsroutes', 'TLSRoute', ['v1'], 'v1.5.0-rc.1'),
        ],
      }),
    ).toMatchObject([{ severity: 'passed' }]);
  });

  it('finds what istioctl x precheck finds about served versions', async () => {
    const alpha = {
      customresourcedefinitions: [
        definition('gateways', 'Gateway', ['v1alpha2']),
      ],
    };
    const said = async (...args: Parameters<typeof run>) =>
      (await run(...args)).map(({ link, severity }) => [link?.title, severity]);
    expect(await said(alpha)).toEqual([
      [undefined, 'warning'],
      ['IST0156', 'info'],
      ['IST0172', 'warning'],
    ]);
    expect(await said(alpha, '1.28.6')).toEqual([
      [undefined, 'warning'],
      ['IST0156', 'warning'],
      ['IST0172', 'info'],
    ]);
  });

  it('tells mixed releases, and does not judge by a minor it does not know', async () => {
    expect(
      await run({
        customresourcedefinitions: [
          ...CURRENT,
          definition(
            'udproutes',
            'UDPRoute',
            ['v1alpha2'],
            'v1.5.1',
            'experimental',
          ),
        ],
      }),
    ).toMatchObject([
      {
        severity: 'info',
        evidence: {
          observed: 'Gateway API v1.5.1 experimental, v1.5.1 standard',
        },
      },
    ]);
    expect(
      await run({ customresourcedefinitions: CURRENT }, '1.44.0'),
    ).toMatchObject([{ severity: 'unknown', blocks: false }]);
  });
});
