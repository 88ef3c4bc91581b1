import assert from 'node:assert/strict';
import {
  CONFIG_MAPS,
  DEPLOYMENTS,
  PODS,
  configMap,
  deployment,
  pod,
} from '../objects';
import { refused } from '../refused';
import type { ConformanceCase } from '../suite';

export const refusalCases: ConformanceCase[] = [
  {
    name: 'the server tells its version',
    async run(client) {
      const { gitVersion, major, minor } = await client.version();
      assert.match(gitVersion, /^v1\.\d+\.\d+/);
      assert.equal(major, '1');
      assert.match(minor, /^\d+\+?$/);
      assert.ok(gitVersion.startsWith(`v${major}.${parseInt(minor, 10)}.`));
    },
  },
  {
    name: 'what is served can be told from what is not',
    async run(client) {
      const group = 'nothing.example.com';
      const answers = await Promise.all([
        client.serves(PODS),
        client.serves({ ...PODS, resource: 'pods/ephemeralcontainers' }),
        client.serves(DEPLOYMENTS),
        client.serves({ ...DEPLOYMENTS, resource: 'nothings' }),
        client.serves({ group, version: 'v1', resource: 'things' }),
      ]);
      assert.deepEqual(answers, [true, true, true, false, false]);
    },
  },
  {
    name: 'an absent object is not found',
    async run(client, { plain }) {
      const ref = { ...DEPLOYMENTS, namespace: plain, name: 'nobody' };
      const answer = {
        status: 404,
        reason: 'NotFound',
        words: ['deployments.apps "nobody" not found'],
      };
      await refused(client.get(ref), answer);
      await refused(client.patch(ref, 'merge', {}), answer);
      await refused(client.delete(ref), answer);
    },
  },
  {
    name: 'an absent resource is not found',
    async run(client) {
      await refused(
        client.get({
          group: 'nothing.example.com',
          version: 'v1',
          resource: 'things',
          name: 'one',
        }),
        { status: 404, reason: 'NotFound' },
      );
    },
  },
  {
    name: 'an object in an absent namespace is not created',
    async run(client) {
      const namespace = 'conformance-nowhere';
      await refused(
        client.create({ ...CONFIG_MAPS, namespace }, configMap('one')),
        {
          status: 404,
          reason: 'NotFound',
          words: [`namespaces "${namespace}" not found`],
        },
      );
    },
  },
  {
    name: 'a wrong token is unauthorized',
    async run(_client, { platform }) {
      const stranger = platform.connect('stranger');
      try {
        await refused(stranger.list(PODS).next(), {
          status: 401,
          reason: 'Unauthorized',
          words: ['Unauthorized'],
        });
      } finally {
        await stranger.close();
      }
    },
  },
  {
    name: 'what rights do not allow is forbidden, naming verb, resource, group and namespace',
    async run(client, { plain, platform }) {
      const target = { ...DEPLOYMENTS, namespace: plain };
      await client.create(target, deployment('forbidden', 0));
      const reader = platform.connect('reader');
      try {
        await reader.get({ ...target, name: 'forbidden' });
        await refused(
          reader.patch({ ...target, name: 'forbidden' }, 'merge', {}),
          {
            status: 403,
            reason: 'Forbidden',
            words: [
              'deployments.apps "forbidden" is forbidden: User "',
              'cannot patch resource "deployments" in API group "apps"',
              `in the namespace "${plain}"`,
            ],
          },
        );
        await refused(reader.evict({ namespace: plain, name: 'nobody' }), {
          status: 403,
          reason: 'Forbidden',
          words: ['cannot create resource "pods/eviction" in API group ""'],
        });
      } finally {
        await reader.close();
      }
    },
  },
  {
    name: 'what exists already is not created again',
    async run(client, { plain }) {
      const target = { ...CONFIG_MAPS, namespace: plain };
      await client.create(target, configMap('twice'));
      await refused(client.create(target, configMap('twice')), {
        status: 409,
        reason: 'AlreadyExists',
        words: ['configmaps "twice" already exists'],
      });
    },
  },
  {
    name: 'an invalid object is refused with the path of every wrong field',
    async run(client, { plain }) {
      await refused(
        client.create(
          { ...PODS, namespace: plain },
          {
            ...pod('no-containers'),
            spec: { containers: [] },
          },
        ),
        {
          status: 422,
          reason: 'Invalid',
          words: [
            'Pod "no-containers" is invalid',
            'spec.containers: Required value',
          ],
        },
      );
      const mismatched = deployment('mismatched', 0);
      await refused(
        client.create(
          { ...DEPLOYMENTS, namespace: plain },
          {
            ...mismatched,
            spec: {
              ...mismatched.spec,
              selector: { matchLabels: { app: 'other' } },
            },
          },
        ),
        {
          status: 422,
          reason: 'Invalid',
          words: [
            'Deployment.apps "mismatched" is invalid',
            'spec.template.metadata.labels: Invalid value',
            '`selector` does not match template `labels`',
          ],
        },
      );
    },
  },
  {
    name: 'a deletion of an object that was replaced meanwhile is a conflict',
    async run(client, { plain }) {
      const target = { ...CONFIG_MAPS, namespace: plain };
      const ref = { ...target, name: 'deleted' };
      const { metadata } = await client.create(target, configMap('deleted'));
      const uid = '00000000-0000-0000-0000-000000000000';
      await refused(client.delete(ref, { uid }), {
        status: 409,
        reason: 'Conflict',
        words: [
          'Operation cannot be fulfilled on ConfigMap "deleted"',
          `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid})`,
        ],
      });
      await client.delete(ref, { uid: metadata.uid, dryRun: true });
      await client.get(ref);
      await client.delete(ref, { uid: metadata.uid });
      await refused(client.get(ref), { status: 404, reason: 'NotFound' });
    },
  },
  {
    name: 'the log of an absent pod is not found',
    async run(client, { plain }) {
      await refused(client.podLog({ namespace: plain, name: 'nobody' }), {
        status: 404,
        reason: 'NotFound',
        words: ['pods "nobody" not found'],
      });
    },
  },
];
