import type { KubernetesClient } from '../../clusters/types';
import { clusterContext, meshWithIstiod } from '../__testUtils__/fakes';
import { permissions, type RightsOf } from './permissions';

const RIGHTS: RightsOf = async () => [
  {
    question: {
      verb: 'patch',
      group: 'sailoperator.io',
      resource: 'istios',
    },
    why: 'to change the version',
  },
  {
    question: {
      verb: 'get',
      group: '',
      resource: 'pods',
      subresource: 'log',
      namespace: 'jobs',
    },
    why: 'to read what helm says',
  },
];

function look(options: {
  accessReview: KubernetesClient['accessReview'];
  mode?: 'read' | 'full';
  rightsOf?: RightsOf;
}) {
  const mesh = meshWithIstiod();
  mesh.clusters[0].mode = options.mode ?? 'full';
  return permissions({ rightsOf: options.rightsOf ?? RIGHTS }).run(
    clusterContext('prod-eu', {
      mesh,
      clusters: { 'prod-eu': { accessReview: options.accessReview } },
    }),
  );
}

describe('permissions', () => {
  it('passes when the API server allows everything', async () => {
    await expect(
      look({ accessReview: async () => ({ allowed: true }) }),
    ).resolves.toMatchObject([
      {
        severity: 'passed',
        evidence: {
          observed: 'All 2 rights are granted',
          expected:
            'patch istios.sailoperator.io in every namespace, get pods/log in jobs',
        },
      },
    ]);
  });

  it('names every right that is missing, what for, and the reason', async () => {
    await expect(
      look({
        accessReview: async ({ verb }) => ({
          allowed: verb === 'get',
          reason: 'no RBAC policy matched',
        }),
      }),
    ).resolves.toMatchObject([
      {
        severity: 'blocker',
        title:
          'This backend lacks 1 of 2 rights to upgrade Deployment istio-system/istiod',
        evidence: {
          observed:
            'not allowed to patch istios.sailoperator.io in every namespace (to change the version; no RBAC policy matched)',
        },
      },
    ]);
  });

  it('blocks on a cluster that is not opened for it', async () => {
    await expect(
      look({
        accessReview: async () => ({ allowed: true }),
        mode: 'read',
        rightsOf: async () => undefined,
      }),
    ).resolves.toMatchObject([
      { severity: 'blocker', evidence: { observed: 'mode read' } },
    ]);
  });
});
