import { mockServices } from '@backstage/backend-test-utils';
import { aMesh, fakeClusters } from '../../checks/__testUtils__/fakes';
import type { KubernetesClient } from '../../clusters/types';
import type {
  FieldsOfManager,
  ManagedObject,
} from '../../kubernetes/managedFields';
import { storedRun } from '../testing/runs';
import type { NewRunEvent, Run } from '../types';
import { driftOf, type WatchedObject } from './driftOf';
import { DriftWatch } from './DriftWatch';

const image = {
  'f:spec': {
    'f:template': {
      'f:spec': {
        'f:containers': {
          'k:{"name":"discovery"}': { '.': {}, 'f:image': {} },
        },
      },
    },
  },
};
const restart = {
  'f:spec': {
    'f:template': {
      'f:metadata': {
        'f:annotations': { 'f:kubectl.kubernetes.io/restartedAt': {} },
      },
    },
  },
};
const wrote = (
  manager: string,
  time: string,
  more: Partial<FieldsOfManager> = {},
): FieldsOfManager => ({
  manager,
  time: `2026-11-01T00:00:${time}Z`,
  fieldsV1: image,
  ...more,
});

function istiod(...managedFields: FieldsOfManager[]): ManagedObject & {
  spec: object;
} {
  return {
    metadata: { namespace: 'istio-system', name: 'istiod', managedFields },
    spec: {
      replicas: 2,
      template: { spec: { containers: [{ image: 'pilot:1.30.3' }] } },
    },
  };
}

const watched = (...managedFields: FieldsOfManager[]): WatchedObject => ({
  cluster: 'prod-eu',
  kind: 'Deployment',
  object: istiod(...managedFields),
  state: 'image pilot:1.30.3, 2 replicas',
});
const isExpected = (manager: string) => manager === 'helm';
const changes = (before: FieldsOfManager[], ...after: FieldsOfManager[]) => {
  const { memory } = driftOf([watched(...before)], {
    memory: undefined,
    isExpected,
  });
  return driftOf([watched(...after)], { memory, isExpected }).events;
};

describe('drift', () => {
  const edited = wrote('kubectl-edit', '05');
  it.each<[string, FieldsOfManager[], FieldsOfManager[], number]>([
    ['nothing', [edited], [edited], 0],
    ['the installer', [], [wrote('helm', '09')], 0],
    ['a person', [wrote('helm', '01')], [wrote('helm', '01'), edited], 1],
    ['a person once more', [edited], [wrote('kubectl-edit', '09')], 1],
    [
      'somebody who scales',
      [],
      [wrote('kubectl', '09', { subresource: 'scale' })],
      1,
    ],
    [
      'somebody who restarts it',
      [],
      [wrote('kubectl-rollout', '09', { fieldsV1: restart })],
      0,
    ],
    [
      'a controller that tells the state',
      [],
      [wrote('other', '09', { subresource: 'status' })],
      0,
    ],
    [
      'somebody who labels it',
      [],
      [
        wrote('kubectl-label', '09', {
          fieldsV1: { 'f:metadata': { 'f:labels': { 'f:team': {} } } },
        }),
      ],
      0,
    ],
    ['two who change it', [], [edited, wrote('helm-controller', '06')], 2],
  ])('by %s', (_, before, after, expected) => {
    expect(changes(before, ...after)).toHaveLength(expected);
  });

  it('is told in a sentence, once for each writer of an object', () => {
    const first = driftOf([watched()], { memory: undefined, isExpected });
    const second = driftOf([watched(edited)], { ...first, isExpected });
    expect(second.events).toEqual([
      {
        level: 'warning',
        message:
          'prod-eu: Deployment istio-system/istiod was changed by kubectl-edit while this run is under way; it is now image pilot:1.30.3, 2 replicas',
      },
    ]);
    const again = driftOf([watched(wrote('kubectl-edit', '30'))], {
      ...second,
      isExpected,
    });
    expect(again.events).toEqual([]);
  });

  it('is found on every cluster that answers, beside the passes of the engine', async () => {
    let fields: FieldsOfManager[] = [wrote('helm', '01')];
    const webhook: ManagedObject = {
      metadata: { name: 'istio-sidecar-injector', managedFields: [] },
    };
    const list: KubernetesClient['list'] = async function* pages(resource) {
      const items =
        resource.resource === 'mutatingwebhookconfigurations' ? [webhook] : [];
      yield { items: items as never[], resourceVersion: '1' };
    };
    const reads = jest.fn(async () => istiod(...fields));
    const get = reads as unknown as KubernetesClient['get'];
    const down = async () => {
      throw new Error('no route to host');
    };
    const mesh = aMesh({ clusterNames: ['prod-us', 'prod-eu'] });
    for (const cluster of mesh.clusters) {
      cluster.controlPlanes = [
        {
          cluster: cluster.cluster,
          namespace: 'istio-system',
          name: 'istiod',
          revision: 'default',
          install: { method: 'helm', evidence: [] },
        } as unknown as (typeof cluster.controlPlanes)[number],
      ];
    }
    const watch = DriftWatch.create({
      clusters: fakeClusters({
        'prod-us': { get: down, list },
        'prod-eu': { get, list },
      }),
      inventory: { mesh: async () => mesh },
      logger: mockServices.logger.mock(),
      everyMs: 20,
    });
    let run: Run = storedRun();
    const events: NewRunEvent[] = [];
    const look = async (until: () => boolean) => {
      while (!until()) {
        const found = watch.of(run);
        run = found ? { ...run, drift: found.memory } : run;
        events.push(...(found?.events ?? []));
        await new Promise(resolve => setTimeout(resolve, 2));
      }
    };
    await look(() => run.drift !== undefined);
    expect(events).toEqual([]);
    fields = [...fields, edited];
    webhook.metadata.managedFields = [
      { ...edited, fieldsV1: { 'f:webhooks': {} } },
    ];
    await look(() => events.length > 0);
    const calls = reads.mock.calls.length;
    await look(() => reads.mock.calls.length > calls + 2);
    expect(events.map(({ message }) => message)).toEqual([
      expect.stringContaining('prod-eu: Deployment istio-system/istiod'),
      'prod-eu: MutatingWebhookConfiguration istio-sidecar-injector was changed by kubectl-edit while this run is under way',
    ]);
    expect(watch.of({ ...run, kind: 'sidecars' })).toBeUndefined();
  });
});
