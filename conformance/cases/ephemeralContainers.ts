import assert from 'node:assert/strict';
import type { ClusterClient } from '../../plugins/mesh-upgrade-backend/src/clusters';
import { runDeployment } from '../Fixtures';
import { PODS, type Pod } from '../objects';
import { refused } from '../refused';
import type { ConformanceCase } from '../suite';

const IMAGE = 'registry.example.com/debug:1';

const adding = (container: object) => ({
  spec: { ephemeralContainers: [container] },
});

/** A running pod and its subresource. */
async function runPod(client: ClusterClient, namespace: string, app: string) {
  const { pods } = await runDeployment(client, namespace, app, 1);
  const pod = { ...PODS, namespace, name: pods[0].metadata.name };
  return { pod, ephemeral: { ...pod, subresource: 'ephemeralcontainers' } };
}

export const ephemeralContainerCases: ConformanceCase[] = [
  {
    name: 'a dry run that adds an ephemeral container is accepted and stores nothing',
    async run(client, { plain }) {
      const { pod, ephemeral } = await runPod(client, plain, 'ephemeral-dry');
      const shown = await client.patch<Pod>(
        ephemeral,
        'strategic',
        adding({ name: 'debug', image: IMAGE, targetContainerName: 'app' }),
        { dryRun: true },
      );
      assert.deepEqual(
        shown.spec.ephemeralContainers?.map(({ name, image }) => [name, image]),
        [['debug', IMAGE]],
      );
      const stored = await client.get<Pod>(pod);
      assert.equal(stored.spec.ephemeralContainers, undefined);
    },
  },
  {
    name: 'what an ephemeral container must not have is refused with the path of the field',
    async run(client, { plain }) {
      const { ephemeral } = await runPod(client, plain, 'ephemeral-wrong');
      const field = (name: string) => `spec.ephemeralContainers[0].${name}`;
      const wrong: [object, string[]][] = [
        [
          { ports: [{ containerPort: 80, protocol: 'TCP' }] },
          [field('ports'), 'cannot be set for an Ephemeral Container'],
        ],
        [
          { resources: { limits: { cpu: '1' } } },
          [field('resources'), 'cannot be set for an Ephemeral Container'],
        ],
        [
          { targetContainerName: 'nobody' },
          [field('targetContainerName'), 'Not found: "nobody"'],
        ],
        [{ name: 'app' }, [field('name'), 'Duplicate value: "app"']],
        [{ image: '' }, [field('image'), 'Required value']],
      ];
      for (const [part, words] of wrong) {
        await refused(
          client.patch(
            ephemeral,
            'strategic',
            adding({ name: 'debug', image: IMAGE, ...part }),
            { dryRun: true },
          ),
          { status: 422, reason: 'Invalid', words },
        );
      }
    },
  },
  {
    name: 'an ephemeral container that was added can be neither removed nor changed',
    async run(client, { plain }) {
      const { pod, ephemeral } = await runPod(client, plain, 'ephemeral-kept');
      await client.patch(
        ephemeral,
        'strategic',
        adding({ name: 'debug', image: IMAGE }),
      );
      await refused(
        client.patch(ephemeral, 'merge', { spec: { ephemeralContainers: [] } }),
        {
          status: 422,
          reason: 'Invalid',
          words: [
            'spec.ephemeralContainers',
            'existing ephemeral containers "debug" may not be removed',
          ],
        },
      );
      await refused(
        client.patch(
          ephemeral,
          'strategic',
          adding({ name: 'debug', image: `${IMAGE}.1` }),
        ),
        {
          status: 422,
          reason: 'Invalid',
          words: ['existing ephemeral containers "debug" may not be changed'],
        },
      );
      const stored = await client.get<Pod>(pod);
      assert.deepEqual(
        stored.spec.ephemeralContainers?.map(({ name, image }) => [
          name,
          image,
        ]),
        [['debug', IMAGE]],
      );
    },
  },
  {
    name: 'an ephemeral container for a pod that is gone is not found by its name',
    async run(client, { plain }) {
      await refused(
        client.patch(
          {
            ...PODS,
            namespace: plain,
            name: 'nobody',
            subresource: 'ephemeralcontainers',
          },
          'strategic',
          adding({ name: 'debug', image: IMAGE }),
        ),
        {
          status: 404,
          reason: 'NotFound',
          words: ['pods "nobody" not found'],
        },
      );
    },
  },
];
