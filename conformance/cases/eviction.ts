import assert from 'node:assert/strict';
import type { ClusterClient } from '../../plugins/mesh-upgrade-backend/src/clusters';
import { eventually } from '../eventually';
import { podsOf, runDeployment } from '../Fixtures';
import { DISRUPTION_BUDGETS, PODS, type Pod } from '../objects';
import { refused } from '../refused';
import type { ConformanceCase } from '../suite';

interface Budget {
  metadata: { name: string };
  status?: { disruptionsAllowed?: number; currentHealthy?: number };
}

/** A budget whose status tells that the disruption controller knows the pods. */
async function guard(
  client: ClusterClient,
  namespace: string,
  app: string,
  { minAvailable, replicas }: { minAvailable: number; replicas: number },
) {
  const target = { ...DISRUPTION_BUDGETS, namespace };
  await client.create(target, {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: app },
    spec: { minAvailable, selector: { matchLabels: { app } } },
  });
  return eventually(`budget ${namespace}/${app} counted`, async () => {
    const budget = await client.get<Budget>({ ...target, name: app });
    return budget.status?.currentHealthy === replicas ? budget : undefined;
  });
}

async function isReplaced(
  client: ClusterClient,
  namespace: string,
  app: string,
  former: Pod,
) {
  const pods = await podsOf(client, namespace, app);
  return pods.every(({ metadata }) => metadata.uid !== former.metadata.uid)
    ? true
    : undefined;
}

export const evictionCases: ConformanceCase[] = [
  {
    name: 'an eviction that a disruption budget forbids is refused with the name of the budget',
    async run(client, { plain }) {
      const { pods } = await runDeployment(client, plain, 'guarded', 2);
      const budget = await guard(client, plain, 'guarded', {
        minAvailable: 2,
        replicas: 2,
      });
      assert.equal(budget.status?.disruptionsAllowed, 0);
      await refused(
        client.evict({ namespace: plain, name: pods[0].metadata.name }),
        {
          status: 429,
          reason: 'TooManyRequests',
          words: [
            "Cannot evict pod as it would violate the pod's disruption budget.",
            'The disruption budget guarded needs 2 healthy pods and has 2 currently',
          ],
        },
      );
    },
  },
  {
    name: 'a dry run of a forbidden eviction is refused too',
    async run(client, { plain }) {
      const { pods } = await runDeployment(client, plain, 'dry-guarded', 1);
      await guard(client, plain, 'dry-guarded', {
        minAvailable: 1,
        replicas: 1,
      });
      await refused(
        client.evict(
          { namespace: plain, name: pods[0].metadata.name },
          { dryRun: true },
        ),
        { status: 429, reason: 'TooManyRequests' },
      );
    },
  },
  {
    name: 'an eviction that the budget allows replaces the pod, its dry run does not',
    async run(client, { plain }) {
      const { pods } = await runDeployment(client, plain, 'allowed', 2);
      const budget = await guard(client, plain, 'allowed', {
        minAvailable: 1,
        replicas: 2,
      });
      assert.equal(budget.status?.disruptionsAllowed, 1);
      const { name, uid } = pods[0].metadata;
      await client.evict({ namespace: plain, name, uid }, { dryRun: true });
      const untouched = await client.get<Pod>({
        ...PODS,
        namespace: plain,
        name,
      });
      assert.equal(untouched.metadata.deletionTimestamp, undefined);
      await client.evict({ namespace: plain, name, uid });
      await eventually(`pod ${name} replaced`, () =>
        isReplaced(client, plain, 'allowed', pods[0]),
      );
    },
  },
  {
    name: 'an eviction of a pod that was replaced meanwhile is a conflict',
    async run(client, { plain }) {
      const { pods } = await runDeployment(client, plain, 'other-uid', 1);
      const { name } = pods[0].metadata;
      const uid = '00000000-0000-0000-0000-000000000000';
      await refused(client.evict({ namespace: plain, name, uid }), {
        status: 409,
        reason: 'Conflict',
        words: [
          `Operation cannot be fulfilled on Pod "${name}"`,
          `the UID in the precondition (${uid}) does not match`,
        ],
      });
    },
  },
  {
    name: 'an eviction of a pod that is gone is not found',
    async run(client, { plain }) {
      await refused(client.evict({ namespace: plain, name: 'nobody' }), {
        status: 404,
        reason: 'NotFound',
        words: ['pods "nobody" not found'],
      });
    },
  },
];
