import type { ClusterMode } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { aMesh, clusterContext } from '../../checks/__testUtils__/fakes';
import type { PerClusterCheck } from '../../checks/types';
import { removalChecks } from './removalChecks';

describe('removalChecks', () => {
  const [check] = removalChecks([
    'prod-eu/Service/istio-system/istiod-1-29',
    'prod-eu/Service/istio-system/istiod-1-28',
    'prod-eu/MutatingWebhookConfiguration//istio-sidecar-injector-1-29',
    'prod-us/ConfigMap/istio-system/istio-1-29',
  ]);
  const look = (mode: ClusterMode, denied: string[]) => {
    const asked: string[] = [];
    const mesh = aMesh({ clusterNames: ['prod-eu'] });
    mesh.clusters[0].mode = mode;
    const context = clusterContext('prod-eu', {
      mesh,
      clusters: {
        'prod-eu': {
          accessReview: async ({ verb, resource, namespace: place }) => {
            asked.push([verb, resource, place ?? '*'].join(' '));
            return { allowed: !denied.includes(resource) };
          },
        },
      },
    });
    return (check as PerClusterCheck)
      .run(context)
      .then(findings => ({ asked, findings }));
  };

  it('asks once for each kind and namespace of the cluster', async () => {
    const { asked, findings } = await look('full', []);
    expect(asked).toEqual([
      'delete services istio-system',
      'delete mutatingwebhookconfigurations *',
    ]);
    expect(findings).toMatchObject([{ severity: 'passed' }]);
  });

  it('names the mode and each right that stands in the way', async () => {
    const { findings } = await look('read', ['services']);
    expect(findings).toMatchObject([
      {
        severity: 'blocker',
        evidence: {
          observed: 'mode read, not allowed to delete services in istio-system',
        },
      },
    ]);
  });
});
