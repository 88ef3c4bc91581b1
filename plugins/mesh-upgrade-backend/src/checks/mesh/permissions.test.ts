import { KubernetesError } from '../../clusters/KubernetesError';
import type { KubernetesClient } from '../../clusters/types';
import { clusterContext, meshWithIstiod } from '../__testUtils__/fakes';
import { permissions, type RequiredRight, type RightsOf } from './permissions';

const OWN: RequiredRight[] = [
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
const RIGHTS: RightsOf = async () => ({ own: OWN });

function look(options: {
  accessReview: KubernetesClient['accessReview'];
  client?: Partial<KubernetesClient>;
  mode?: 'read' | 'full';
  rightsOf?: RightsOf;
}) {
  const mesh = meshWithIstiod();
  mesh.clusters[0].mode = options.mode ?? 'full';
  return permissions({ rightsOf: options.rightsOf ?? RIGHTS }).run(
    clusterContext('prod-eu', {
      mesh,
      clusters: {
        'prod-eu': { accessReview: options.accessReview, ...options.client },
      },
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
      }),
    ).resolves.toMatchObject([
      { severity: 'blocker', evidence: { observed: 'mode read' } },
      { severity: 'passed' },
    ]);
  });

  it('needs nothing where people make the change themselves', async () => {
    await expect(
      look({
        accessReview: async () => ({ allowed: false }),
        mode: 'read',
        rightsOf: async () => undefined,
      }),
    ).resolves.toMatchObject([
      { severity: 'passed', evidence: { expected: 'Nothing is written' } },
    ]);
  });

  describe('of the account of a Job', () => {
    const answer = (status: number, serverMessage = '') =>
      new KubernetesError({
        cluster: 'prod-eu',
        action: 'a',
        status,
        serverMessage,
      });
    const account = (client: Partial<KubernetesClient>) =>
      look({
        accessReview: async () => ({ allowed: true }),
        rightsOf: async () => ({
          own: [],
          job: {
            program: 'helm',
            namespace: 'jobs',
            name: 'helm',
            rights: ['create', 'patch'].map(verb => ({
              verb,
              group: 'apps',
              resource: 'deployments',
              namespace: 'istio-system',
            })),
          },
        }),
        client: {
          get: async () => ({ metadata: { name: 'helm' } } as never),
          ...client,
        },
      }).then(([, finding]) => finding);

    it('asks what it may do', async () => {
      const create = jest.fn(async (_resource: object, body: any) => ({
        status: {
          allowed: body.spec.resourceAttributes.verb === 'create',
        },
      }));
      await expect(account({ create: create as never })).resolves.toMatchObject(
        {
          severity: 'blocker',
          title: 'ServiceAccount jobs/helm lacks 1 of 2 rights that helm needs',
          evidence: {
            observed: 'not allowed to patch deployments.apps in istio-system',
          },
        },
      );
      expect(create.mock.calls[0][1].spec.user).toBe(
        'system:serviceaccount:jobs:helm',
      );
      create.mockResolvedValue({ status: { allowed: true } });
      await expect(account({ create: create as never })).resolves.toMatchObject(
        { severity: 'passed' },
      );
    });

    it('blocks when there is none', async () => {
      await expect(
        account({
          get: async () => {
            throw answer(404, 'serviceaccounts "helm" not found');
          },
        }),
      ).resolves.toMatchObject({
        severity: 'blocker',
        evidence: { observed: expect.stringContaining('"helm" not found') },
      });
    });

    it('is undecided without stopping when it may not be asked about', async () => {
      const forbidden = async () => {
        throw answer(403);
      };
      await expect(
        account({ get: forbidden, create: forbidden }),
      ).resolves.toMatchObject({ severity: 'unknown', blocks: false });
    });
  });
});
