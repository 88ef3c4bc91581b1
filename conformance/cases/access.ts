import assert from 'node:assert/strict';
import type { AccessQuestion } from '../../plugins/mesh-upgrade-backend/src/clusters';
import type { ConformanceCase } from '../suite';

const QUESTIONS: Omit<AccessQuestion, 'namespace'>[] = [
  { verb: 'list', group: '', resource: 'pods' },
  { verb: 'watch', group: 'apps', resource: 'deployments' },
  { verb: 'patch', group: 'apps', resource: 'deployments' },
  { verb: 'create', group: '', resource: 'pods', subresource: 'eviction' },
  {
    verb: 'patch',
    group: '',
    resource: 'pods',
    subresource: 'ephemeralcontainers',
  },
];

export const accessCases: ConformanceCase[] = [
  {
    name: 'an access review allows an administrator everything',
    async run(client, { plain }) {
      for (const question of QUESTIONS) {
        const answer = await client.accessReview({
          ...question,
          namespace: plain,
        });
        assert.equal(answer.allowed, true, JSON.stringify(question));
      }
    },
  },
  {
    name: 'an access review allows a reader only to look',
    async run(_client, { plain, platform }) {
      const reader = platform.connect('reader');
      try {
        const allowed = [];
        for (const question of QUESTIONS) {
          const answer = await reader.accessReview({
            ...question,
            namespace: plain,
          });
          allowed.push(answer.allowed);
        }
        assert.deepEqual(allowed, [true, true, false, false, false]);
      } finally {
        await reader.close();
      }
    },
  },
];
