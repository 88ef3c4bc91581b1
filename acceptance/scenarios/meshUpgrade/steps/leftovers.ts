import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  LeftoverList,
  LeftoverView,
  UpgradePlan,
  UpgradeSubject,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { Step } from '../../../Scenario';
import type { World } from '../../../World';
import { clusterOf, toolsOf } from '../clusterState';
import { FIRST, ISTIO } from '../facts';
import { ends } from '../runs';
import { startSubject } from '../startSubject';
import type { State } from '../State';

const REVISION = 'former';
const NAMESPACES = '/api/v1/namespaces';
const PLACE = `${NAMESPACES}/${REVISION}-users`;

/** A second revision of the real istioctl comes, and only its Deployment goes. */
export const leftoverSteps: Step<State, World>[] = [
  {
    name: 'what a deleted istiod of another revision leaves is listed, nothing else, and who still asks for it',
    async run(world) {
      await leaveBehind(world);
      const cluster = clusterOf(world, FIRST);
      await cluster.post(NAMESPACES, {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: {
          name: `${REVISION}-users`,
          labels: { 'istio.io/rev': REVISION },
        },
      });
      const items = await leftovers(world);
      assert.deepEqual(
        [...new Set(items.map(({ revision }) => revision))],
        [REVISION],
      );
      assert.deepEqual([...new Set(items.map(({ kind }) => kind))].sort(), [
        'ConfigMap',
        'HorizontalPodAutoscaler',
        'MutatingWebhookConfiguration',
        'Service',
        'ValidatingWebhookConfiguration',
      ]);
      const injector = find(items, 'injector');
      assert.deepEqual(injector.usedBy, [
        `Namespace ${REVISION}-users by its labels`,
      ]);
    },
  },
  {
    name: 'what is in use is refused, with who uses it',
    async run(world) {
      const items = await leftovers(world);
      const { status, body } = await world.product.call(
        'ada',
        'POST',
        '/plans',
        removalOf(items),
      );
      assert.equal(status, 400, JSON.stringify(body));
      assert.match(
        body.error.message,
        /It is in use: Namespace former-users by its labels/,
      );
    },
  },
  {
    name: 'when nobody asks for it any more a run removes all of it, and keeps it as YAML',
    async run(world) {
      const { product } = world;
      await clusterOf(world, FIRST).patch(PLACE, {
        metadata: { labels: { 'istio.io/rev': null } },
      });
      const items = await leftovers(world);
      const { id } = await startSubject(product, removalOf(items));
      await ends(product, id, 'succeeded');
      assert.deepEqual(await leftovers(world), []);
      const plan = await product.get<UpgradePlan>('ada', `/runs/${id}/plan`);
      for (const { object, yaml } of plan.changes) {
        assert(yaml?.before?.includes('apiVersion:'), object);
        assert.equal(yaml?.after, undefined, object);
      }
      const left = await toolsOf(world, FIRST).kubectl(
        ...['get', 'validatingwebhookconfigurations', '--output', 'name'],
      );
      assert(!left.includes(REVISION), left);
    },
  },
];

/** Applies what istioctl makes of a revision, and deletes its istiod as people do. */
async function leaveBehind(world: World): Promise<void> {
  const { istioctl, kubectl } = toolsOf(world, FIRST);
  const folder = mkdtempSync(join(tmpdir(), 'mesh-upgrade-revision-'));
  try {
    const file = join(folder, 'revision.yaml');
    writeFileSync(
      file,
      await istioctl(
        ...['manifest', 'generate', '--set', 'profile=minimal'],
        ...['--set', `revision=${REVISION}`],
        ...['--set', 'components.base.enabled=false'],
      ),
    );
    await kubectl('apply', '--server-side', '--force-conflicts', '-f', file);
  } finally {
    rmSync(folder, { recursive: true });
  }
  await kubectl(
    ...['delete', 'deployment', `istiod-${REVISION}`, '--namespace', ISTIO],
  );
}

async function leftovers({ product }: World): Promise<LeftoverView[]> {
  const { items, problems } = await product.get<LeftoverList>(
    'ada',
    `/meshes/${FIRST}/leftovers`,
  );
  assert.deepEqual(problems, []);
  return items;
}

function find(items: LeftoverView[], role: LeftoverView['role']): LeftoverView {
  const found = items.find(item => item.role === role);
  assert(found, `no ${role} among ${JSON.stringify(items)}`);
  return found;
}

function removalOf(items: LeftoverView[]): UpgradeSubject {
  return {
    kind: 'leftovers',
    meshId: FIRST,
    leftovers: items.map(({ id }) => id),
  };
}
