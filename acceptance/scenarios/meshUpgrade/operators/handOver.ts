import { acceptedVersions } from '../../../../packages/lab/src/controlPlane/sailVersions';
import {
  definitionOf,
  FLUX_KINDS,
  SAIL_KINDS,
  versionSchema,
} from '../../../../packages/lab/src/operators/definitions';
import type { FolderGit } from '../../../../packages/lab/src/operators/git/FolderGit';
import { poll } from '../../../../scripts/lib/poll.mjs';
import { isNotFound, type ClusterAccess } from '../../../ClusterAccess';
import { ISTIOD } from '../clusterState';
import { ISTIO, START } from '../facts';
import {
  BY_OPERATORS,
  FLUX_CLUSTER,
  REVISIONS_CLUSTER,
  SAIL_CLUSTER,
} from './facts';

const TIMEOUT_MS = 60_000;
const FOLDER = './mesh';
const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

interface Owned {
  metadata: {
    labels?: Record<string, string>;
    ownerReferences?: { kind: string }[];
  };
  status?: { availableReplicas?: number };
}

/** Gives what helm installed to Flux on one cluster and to Sail on another, and lets Sail install a third; their operators run already. */
export async function handOver(
  clusters: ClusterAccess[],
  registry: string,
  gitOf: (cluster: string) => FolderGit,
): Promise<void> {
  const named = (name: string) => clusters.find(one => one.name === name)!;
  await Promise.all([
    toFlux(named(FLUX_CLUSTER), registry, gitOf(FLUX_CLUSTER)),
    toSail(named(SAIL_CLUSTER)),
    toRevisions(named(REVISIONS_CLUSTER), registry),
  ]);
}

async function toFlux(
  cluster: ClusterAccess,
  registry: string,
  git: FolderGit,
): Promise<void> {
  for (const kind of FLUX_KINDS) {
    await cluster.post(DEFINITIONS, definitionOf(kind));
  }
  await cluster.post('/api/v1/namespaces', {
    metadata: { name: 'flux-system' },
  });
  const charts = `oci://${registry}/charts`;
  await createServed(cluster, {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'HelmRepository',
    metadata: { name: 'istio', namespace: ISTIO },
    spec: { url: charts, type: 'oci', insecure: true },
  });
  git.seed(FOLDER, [
    {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'OCIRepository',
      metadata: { name: 'istiod', namespace: ISTIO },
      spec: {
        url: `${charts}/istiod`,
        ref: { tag: START },
        insecure: true,
      } as object,
    },
  ] as Parameters<FolderGit['seed']>[1]);
  await createServed(cluster, {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: 'mesh', namespace: 'flux-system' },
    spec: {
      path: FOLDER,
      sourceRef: { kind: 'GitRepository', name: 'fleet' },
    },
  });
  await createServed(cluster, {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: 'istio-base', namespace: ISTIO },
    spec: {
      chart: {
        spec: {
          chart: 'base',
          version: START,
          sourceRef: { kind: 'HelmRepository', name: 'istio' },
        },
      },
      values: await valuesOf(cluster, 'istio-base'),
    },
  });
  await createServed(cluster, {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: 'istiod', namespace: ISTIO },
    spec: {
      chartRef: { kind: 'OCIRepository', name: 'istiod' },
      values: await valuesOf(cluster, 'istiod'),
    },
  });
  await owned(
    cluster,
    'Flux',
    ({ metadata }) =>
      metadata.labels?.['helm.toolkit.fluxcd.io/name'] === 'istiod',
  );
}

async function toSail(cluster: ClusterAccess): Promise<void> {
  await defineSail(cluster);
  const values = await valuesOf(cluster, 'istiod');
  await cluster.tools!.helm('uninstall', 'istiod', '--namespace', ISTIO);
  await createIstio(cluster, { updateStrategy: { type: 'InPlace' }, values });
  await owned(cluster, 'Sail', ownedByRevision);
}

/** A revision of its own for every version, and the tag that namespaces go by. */
async function toRevisions(
  cluster: ClusterAccess,
  registry: string,
): Promise<void> {
  const { former, tagged, byName } = BY_OPERATORS.revisions;
  await defineSail(cluster);
  await cluster.tools!.helm(
    ...['install', 'istio-base', `oci://${registry}/charts/base`],
    ...['--version', START, '--plain-http'],
    ...['--namespace', ISTIO, '--create-namespace'],
    // There is no istiod of that name to validate anything.
    ...['--set', 'defaultRevision='],
  );
  for (const [name, labels] of Object.entries({
    // istioctl counts as users of the tag those that name it.
    [tagged]: { 'istio.io/rev': 'default' },
    [byName]: { 'istio.io/rev': former },
  })) {
    await cluster.post('/api/v1/namespaces', { metadata: { name, labels } });
  }
  await createIstio(cluster, {
    updateStrategy: {
      type: 'RevisionBased',
      inactiveRevisionDeletionGracePeriodSeconds: 3,
    },
    values: { autoscaleEnabled: false, replicaCount: 2 },
  });
  await createServed(cluster, {
    apiVersion: 'sailoperator.io/v1',
    kind: 'IstioRevisionTag',
    metadata: { name: 'default' },
    spec: { targetRef: { kind: 'Istio', name: 'default' } },
  });
  await owned(cluster, 'Sail', ownedByRevision, `${ISTIOD}-${former}`);
}

async function defineSail(cluster: ClusterAccess): Promise<void> {
  const schema = versionSchema(acceptedVersions('native'));
  for (const kind of SAIL_KINDS) {
    await cluster.post(DEFINITIONS, definitionOf(kind, { schema }));
  }
}

function createIstio(cluster: ClusterAccess, spec: object) {
  return createServed(cluster, {
    apiVersion: 'sailoperator.io/v1',
    kind: 'Istio',
    metadata: { name: 'default' },
    spec: { version: `v${START}`, namespace: ISTIO, ...spec },
  });
}

function ownedByRevision({ metadata }: Owned): boolean {
  return metadata.ownerReferences?.[0].kind === 'IstioRevision';
}

async function valuesOf(
  cluster: ClusterAccess,
  release: string,
): Promise<object> {
  return JSON.parse(
    await cluster.tools!.helm(
      ...['get', 'values', release, '--namespace', ISTIO, '--output', 'json'],
    ),
  );
}

/** A new kind is served a moment after its definition. */
function createServed(
  cluster: ClusterAccess,
  object: {
    apiVersion: string;
    kind: string;
    metadata: { name: string; namespace?: string };
    spec: object;
  },
) {
  const kind = [...FLUX_KINDS, ...SAIL_KINDS].find(
    one => one.kind === object.kind,
  )!;
  const { namespace } = object.metadata;
  const path = [
    `/apis/${object.apiVersion}`,
    ...(namespace ? ['namespaces', namespace] : []),
    kind.plural,
  ].join('/');
  return poll(
    () =>
      cluster.post(path, object).catch(error => {
        if (!isNotFound(error)) {
          throw error;
        }
        return undefined;
      }),
    { timeoutMs: TIMEOUT_MS, intervalMs: 200, what: `${path} to be served` },
  );
}

function owned(
  cluster: ClusterAccess,
  whose: string,
  isSo: (istiod: Owned) => boolean,
  path = ISTIOD,
) {
  return poll(
    async () => {
      const istiod = await cluster.get<Owned>(path).catch(() => undefined);
      return istiod && isSo(istiod) && istiod.status?.availableReplicas
        ? true
        : undefined;
    },
    {
      timeoutMs: TIMEOUT_MS,
      intervalMs: 200,
      what: `istiod of ${cluster.name} to be installed by ${whose}`,
    },
  );
}
