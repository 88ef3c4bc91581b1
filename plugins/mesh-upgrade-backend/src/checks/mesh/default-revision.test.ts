import { injector, namespace } from '../__testUtils__/webhooks';
import { judgeDefaultRevision } from './default-revision';

const ASKING = namespace('shop', { 'istio-injection': 'enabled' });

function judge(world: Partial<Parameters<typeof judgeDefaultRevision>[0]>) {
  return judgeDefaultRevision({
    cluster: 'prod-eu',
    configurations: [],
    namespaces: [],
    ...world,
  });
}

describe('default-revision', () => {
  it('passes with one default revision, and with none that nobody asks for', () => {
    expect(
      judge({
        configurations: [
          injector('stable', { isDefault: true }),
          injector('canary'),
        ],
        namespaces: [ASKING],
      }),
    ).toMatchObject([
      {
        severity: 'passed',
        title: 'Revision stable is the default of prod-eu',
      },
    ]);
    expect(judge({ configurations: [injector('canary')] })).toMatchObject([
      { severity: 'passed' },
    ]);
  });

  it('asks for consent when nobody serves those that ask', () => {
    expect(
      judge({ configurations: [injector('canary')], namespaces: [ASKING] }),
    ).toMatchObject([
      { severity: 'consent', objects: [{ kind: 'Namespace', name: 'shop' }] },
    ]);
  });

  it('asks for consent to two default revisions, once somebody asks', () => {
    const configurations = [
      injector('stable', { isDefault: true }),
      injector('canary', { isDefault: true }),
    ];
    expect(judge({ configurations, namespaces: [ASKING] })).toMatchObject([
      {
        severity: 'consent',
        evidence: {
          observed:
            'istio-sidecar-injector-canary of revision canary, istio-sidecar-injector-stable of revision stable',
        },
      },
    ]);
    expect(judge({ configurations })).toMatchObject([{ severity: 'warning' }]);
  });

  it('asks for consent to a default tag that exists twice', () => {
    const tag = { tag: 'default', isDefault: true };
    expect(
      judge({
        configurations: [
          injector('stable', tag),
          injector('stable', {
            ...tag,
            name: 'istio-revision-tag-default-mine',
          }),
        ],
        namespaces: [ASKING],
      }),
    ).toMatchObject([
      { severity: 'consent', title: 'The default tag exists 2 times' },
    ]);
  });
});
