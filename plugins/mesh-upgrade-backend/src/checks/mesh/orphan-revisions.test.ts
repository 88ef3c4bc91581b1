import type { RevisionView } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { injector, istiod, namespace } from '../__testUtils__/webhooks';
import { judgeRevisions } from './orphan-revisions';

function judge(world: Partial<Parameters<typeof judgeRevisions>[0]>) {
  return judgeRevisions({
    cluster: 'prod-eu',
    configurations: [injector('stable', { isDefault: true })],
    namespaces: [namespace('shop', { 'istio.io/rev': 'stable' })],
    deployments: [],
    istiods: [istiod('stable')],
    services: [],
    revisions: [],
    ...world,
  });
}

function revision(name: string, users: Partial<RevisionView>): RevisionView {
  return {
    cluster: 'prod-eu',
    revision: name,
    isDefault: false,
    tags: [],
    controlPlane: { namespace: 'istio-system', name: `istiod-${name}` },
    namespaces: 0,
    workloads: 0,
    ...users,
  };
}

describe('orphan-revisions', () => {
  it('passes when everything has a revision and every revision users', () => {
    expect(
      judge({
        configurations: [
          injector('stable', { isDefault: true }),
          injector('stable', { tag: 'prod' }),
        ],
        namespaces: [
          namespace('shop', { 'istio.io/rev': 'prod' }),
          namespace('old-label-wins', {
            'istio-injection': 'enabled',
            'istio.io/rev': 'nothing',
          }),
        ],
        revisions: [revision('stable', { namespaces: 2 })],
      }),
    ).toMatchObject([{ severity: 'passed', evidence: { observed: 'stable' } }]);
  });

  it('asks for consent when namespaces and workloads ask for what is not there', () => {
    expect(
      judge({
        namespaces: [
          namespace('shop', { 'istio.io/rev': '1-27' }),
          namespace('plain'),
        ],
        deployments: [
          {
            metadata: { namespace: 'plain', name: 'cart' },
            spec: {
              template: { metadata: { labels: { 'istio.io/rev': '1-27' } } },
            },
          },
        ],
      } as Partial<Parameters<typeof judgeRevisions>[0]>),
    ).toMatchObject([
      {
        severity: 'consent',
        title: '2 objects asked for revision 1-27, which does not exist',
        objects: [
          { kind: 'Namespace', name: 'shop' },
          { kind: 'Deployment', namespace: 'plain', name: 'cart' },
        ],
      },
    ]);
  });

  it('knows tags that are Services alone', () => {
    expect(
      judge({
        namespaces: [namespace('shop', { 'istio.io/rev': 'prod' })],
        services: [
          { metadata: { name: 'prod', labels: { 'istio.io/tag': 'prod' } } },
        ],
      }),
    ).toMatchObject([{ severity: 'passed' }]);
  });

  it('finds tags and injectors of a revision that does not run', () => {
    const configurations = [
      injector('stable'),
      injector('old'),
      injector('old', { tag: 'prod' }),
    ];
    expect(
      judge({
        configurations,
        namespaces: [namespace('shop', { 'istio.io/rev': 'prod' })],
      }).map(({ severity, title }) => [severity, title]),
    ).toEqual([
      [
        'warning',
        'MutatingWebhookConfiguration istio-sidecar-injector-old stands for revision old, which does not run',
      ],
      ['consent', 'Tag prod stands for revision old, which does not run'],
    ]);
  });

  it('does not expect an istiod where the control plane is elsewhere', () => {
    expect(
      judge({
        configurations: [
          injector('old', { url: 'https://istiod.example.com/inject' }),
        ],
        namespaces: [namespace('shop', { 'istio.io/rev': 'old' })],
        istiods: [],
      }),
    ).toMatchObject([{ severity: 'passed' }]);
  });

  it('mentions a revision that nobody uses beside others', () => {
    expect(
      judge({
        revisions: [
          revision('stable', { isDefault: true }),
          revision('canary', { version: '1.30.3' }),
        ],
      }),
    ).toMatchObject([
      { severity: 'info', title: 'Nobody uses revision canary' },
    ]);
    expect(judge({ revisions: [revision('only', {})] })).toMatchObject([
      { severity: 'passed' },
    ]);
  });
});
