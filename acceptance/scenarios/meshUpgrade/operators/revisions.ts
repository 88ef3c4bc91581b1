import assert from 'node:assert/strict';
import type { LeftoverList } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { poll } from '../../../../scripts/lib/poll.mjs';
import { isNotFound } from '../../../ClusterAccess';
import type { Step } from '../../../Scenario';
import type { World } from '../../../World';
import { clusterOf, toolsOf } from '../clusterState';
import { START } from '../facts';
import { assertInjected } from '../installers/assertUpgraded';
import type { RevisionMesh } from '../installers/meshes';
import { istiodsOf } from '../installers/revisions';
import type { State } from '../State';

interface Tag {
  tag: string;
  revision: string;
  namespaces: string[];
}

/** Both revisions of Sail stand, each with an istiod that answers its own webhooks; then only the new one. */
export function revisionsBesideSteps(mesh: RevisionMesh): Step<State, World>[] {
  return [
    {
      name: `each revision of ${mesh.id} injects its own proxy, and istioctl sees the tag lead to the new one`,
      async run(world) {
        await assertProxyOf(world, mesh, mesh.next, mesh.target);
        await assertProxyOf(world, mesh, mesh.former, START);
        const tags: Tag[] = JSON.parse(
          await toolsOf(world, mesh.id).istioctl(
            ...['tag', 'list', '--output', 'json'],
          ),
        );
        assert.deepEqual(
          tags.map(({ tag, revision, namespaces }) => ({
            tag,
            revision,
            namespaces,
          })),
          [
            // One to which no tag leads.
            { tag: '', revision: mesh.former, namespaces: [] },
            { tag: 'default', revision: mesh.next, namespaces: [mesh.tagged] },
          ],
        );
      },
    },
    {
      name: `the former revision of ${mesh.id} is named as left over, with who keeps it in use`,
      async run(world) {
        const { items, problems } = await leftovers(world, mesh);
        assert.deepEqual(problems, []);
        const revision = items.find(({ kind }) => kind === 'IstioRevision');
        assert.equal(revision?.name, mesh.former, JSON.stringify(items));
        assert.deepEqual(revision.usedBy, [
          `Namespace ${mesh.byName} by its labels`,
        ]);
      },
    },
    {
      name: `once nothing asks for the former revision of ${mesh.id} Sail removes it, and nothing is left over`,
      async run(world) {
        const cluster = clusterOf(world, mesh.id);
        await cluster.patch(`/api/v1/namespaces/${mesh.byName}`, {
          metadata: {
            labels: { 'istio.io/rev': null, 'istio-injection': 'enabled' },
          },
        });
        const path = `/apis/sailoperator.io/v1/istiorevisions/${mesh.former}`;
        await poll(
          () =>
            cluster.get(path).then(
              () => undefined,
              error => isNotFound(error) || undefined,
            ),
          {
            timeoutMs: 60_000,
            intervalMs: 200,
            what: `${mesh.former} to be removed`,
          },
        );
        assert.deepEqual(await istiodsOf(cluster), [`istiod-${mesh.next}`]);
        const named = await toolsOf(world, mesh.id).kubectl(
          'get',
          [
            'istiorevisions',
            'deployments',
            'services',
            'configmaps',
            'mutatingwebhookconfigurations',
            'validatingwebhookconfigurations',
          ].join(','),
          ...['--all-namespaces', '--output', 'name'],
        );
        assert(named.includes(mesh.next), named);
        assert(!named.includes(mesh.former), named);
        assert.deepEqual(await leftovers(world, mesh), {
          items: [],
          problems: [],
        });
        for (const namespace of [mesh.tagged, mesh.byName]) {
          await assertInjected(
            world,
            { cluster: mesh.id, namespace },
            mesh.target,
          );
        }
      },
    },
  ];
}

function leftovers(
  { product }: World,
  { id }: RevisionMesh,
): Promise<LeftoverList> {
  return product.get('ada', `/meshes/${id}/leftovers`);
}

/** A pod that asks for a revision by its own label gets the proxy that only this revision's istiod injects. */
async function assertProxyOf(
  world: World,
  { id }: RevisionMesh,
  revision: string,
  version: string,
): Promise<void> {
  const injected = await clusterOf(world, id).post<{ spec: object }>(
    '/api/v1/namespaces/default/pods?dryRun=All',
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'probe',
        labels: { 'sidecar.istio.io/inject': 'true', 'istio.io/rev': revision },
      },
      spec: { containers: [{ name: 'app', image: 'registry.k8s.io/pause' }] },
    },
  );
  const proxy = /[^"]*\/proxyv2:[^"]*/.exec(JSON.stringify(injected.spec))?.[0];
  assert(
    proxy?.endsWith(`/proxyv2:${version}`),
    `a new pod of ${revision} gets ${proxy}`,
  );
}
