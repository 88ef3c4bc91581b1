import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isNotFound, type ClusterAccess } from '../../ClusterAccess';
import type { World } from '../../World';
import { poll } from '../../../scripts/lib/poll.mjs';
import { customResource, type CustomKind } from '../customResource';
import { create } from '../inventory/fleet/create';
import { clusterOf, ISTIOD, registryOf, toolsOf } from './clusterState';
import { FIRST, ISTIO, UNPUBLISHED } from './facts';

const KINDS: CustomKind[] = [
  {
    group: 'helm.toolkit.fluxcd.io',
    version: 'v2',
    kind: 'HelmRelease',
    plural: 'helmreleases',
  },
  {
    group: 'source.toolkit.fluxcd.io',
    version: 'v1',
    kind: 'OCIRepository',
    plural: 'ocirepositories',
  },
];

const [RELEASE, REPOSITORY] = KINDS.map(
  ({ group, version, plural }) =>
    `/apis/${group}/${version}/namespaces/${ISTIO}/${plural}`,
);

/** Flux's kinds, and its objects for istiod, which is marked as Flux marks what it installed. */
export async function installFlux(world: World): Promise<void> {
  const cluster = clusterOf(world, FIRST);
  await create(cluster, ...KINDS.map(customResource));
  await createServed(cluster, REPOSITORY, {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'OCIRepository',
    metadata: { name: 'istiod' },
    spec: {
      url: `oci://${await registryOf(cluster)}/charts/istiod`,
      ref: { tag: UNPUBLISHED },
    },
  });
  await createServed(cluster, RELEASE, {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: 'istiod' },
    spec: { chartRef: { kind: 'OCIRepository', name: 'istiod' } },
  });
  await cluster.patch(ISTIOD, {
    metadata: {
      labels: {
        'helm.toolkit.fluxcd.io/name': 'istiod',
        'helm.toolkit.fluxcd.io/namespace': ISTIO,
      },
    },
  });
}

/** The version that Flux is told to install. */
export async function wantedOfFlux(world: World): Promise<string> {
  const { spec } = await clusterOf(world, FIRST).get<{
    spec: { ref: { tag: string } };
  }>(`${REPOSITORY}/istiod`);
  return spec.ref.tag;
}

/** A Kustomization keeps the source from now on. */
export async function keepInGit(world: World): Promise<void> {
  await clusterOf(world, FIRST).patch(`${REPOSITORY}/istiod`, {
    metadata: {
      labels: {
        'kustomize.toolkit.fluxcd.io/name': 'meshes',
        'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
      },
    },
  });
}

/** What Flux's source would do after a commit. */
export async function commit(world: World, tag: string): Promise<void> {
  await clusterOf(world, FIRST).patch(`${REPOSITORY}/istiod`, {
    spec: { ref: { tag } },
  });
}

/** What Flux's helm-controller does with a version: helm's upgrade, then the status of the HelmRelease. */
export async function playFlux(world: World, version: string): Promise<void> {
  const cluster = clusterOf(world, FIRST);
  const { helm } = toolsOf(world, FIRST);
  const folder = mkdtempSync(join(tmpdir(), 'mesh-upgrade-chart-'));
  try {
    await helm(
      ...['pull', `oci://${await registryOf(cluster)}/charts/istiod`],
      ...['--version', UNPUBLISHED, '--plain-http'],
      ...['--untar', '--untardir', folder],
    );
    // The next patch release: the same chart with other versions.
    const chart = join(folder, 'istiod');
    for (const file of ['Chart.yaml', 'values.yaml']) {
      const text = readFileSync(join(chart, file), 'utf8');
      writeFileSync(join(chart, file), text.replaceAll(UNPUBLISHED, version));
    }
    await helm(
      ...['upgrade', 'istiod', chart, '--namespace', ISTIO],
      '--reset-then-reuse-values',
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  await cluster.patch(`${RELEASE}/istiod/status`, {
    status: {
      lastAttemptedRevision: `${version}+0123456789ab`,
      history: [
        { chartVersion: `${version}+0123456789ab`, status: 'deployed' },
      ],
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'UpgradeSucceeded',
          message: `Helm upgrade succeeded for release ${ISTIO}/istiod with chart istiod@${version}`,
          lastTransitionTime: new Date().toISOString(),
        },
      ],
    },
  });
}

/** A new kind is served a moment after its definition. */
function createServed(
  cluster: ClusterAccess,
  collection: string,
  body: object,
) {
  return poll(
    () =>
      cluster.post(collection, body).catch(error => {
        if (!isNotFound(error)) {
          throw error;
        }
        return undefined;
      }),
    { timeoutMs: 30_000, intervalMs: 200, what: `${collection} to be served` },
  );
}
