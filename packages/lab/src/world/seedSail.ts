import { injectorWebhookName, ISTIO_NAMESPACE } from '../controlPlane/names';
import { controllerReference } from '../controllers/ownership';
import {
  ISTIO_REVISION_TAGS,
  ISTIO_REVISIONS,
  ISTIOS,
  MUTATING_WEBHOOKS,
} from '../kubernetes/resources';
import type { IstioValues, SailStatus } from '../kubernetes/types';
import { conditionsOf } from '../operators/sail/conditions';
import { tagWebhooks } from '../operators/sail/istioRevisionTagController';
import {
  activeRevisionName,
  releaseOfRevision,
  sailValues,
} from '../operators/sail/names';
import { usage } from '../operators/sail/status';
import type { ClusterBlueprint, MeshBlueprint } from './blueprint';
import { seedObjects, seedReleases } from './seedInstallation';
import { seedSailDefinitions } from './seedDefinitions';
import type { Seeder } from './Seeder';

const WELL = ['Reconciled', 'Ready', 'DependenciesHealthy'].map(type => ({
  type,
}));

/** What the operator has made of an `Istio` whose revision stands and is used. */
export function seedSail(
  seeder: Seeder,
  mesh: MeshBlueprint,
  values: IstioValues,
) {
  seedSailDefinitions(seeder, mesh.family);
  const version = `v${mesh.version}`;
  const spec = {
    version,
    namespace: ISTIO_NAMESPACE,
    updateStrategy: {
      type: mesh.revisionBased ? 'RevisionBased' : 'InPlace',
      inactiveRevisionDeletionGracePeriodSeconds: 30,
    },
    values,
  };
  const name = activeRevisionName({ metadata: { name: 'default' }, spec });
  const istio = seeder.put(ISTIOS, {
    apiVersion: 'sailoperator.io/v1',
    kind: 'Istio',
    metadata: { name: 'default' },
    spec,
    status: {
      ...wellStatus(seeder),
      activeRevisionName: name,
      revisions: { total: 1, ready: 1, inUse: 1 },
    },
  });
  const revision = seeder.put(ISTIO_REVISIONS, {
    apiVersion: 'sailoperator.io/v1',
    kind: 'IstioRevision',
    metadata: { name, ownerReferences: [controllerReference(ISTIOS, istio)] },
    spec: { version, namespace: ISTIO_NAMESPACE, values },
    status: wellStatus(seeder, usage(true)),
  });
  const full = sailValues(values, version);
  const release = releaseOfRevision(name);
  seedReleases(seeder, release, [mesh.version], full);
  seedObjects(seeder, {
    mesh,
    revision: name,
    values: full,
    release,
    owner: controllerReference(ISTIO_REVISIONS, revision),
  });
}

/** The tags of a cluster, each for whatever revision is active. */
export function seedSailTags(seeder: Seeder, { tags = {} }: ClusterBlueprint) {
  for (const [name, revision] of Object.entries(tags)) {
    const tag = seeder.put(ISTIO_REVISION_TAGS, {
      apiVersion: 'sailoperator.io/v1',
      kind: 'IstioRevisionTag',
      metadata: { name },
      spec: { targetRef: { kind: 'Istio', name: 'default' } },
      status: {
        observedGeneration: 1,
        ...conditionsOf(
          undefined,
          [{ type: 'Reconciled' }, usage(true)],
          seeder.now,
        ),
        istioRevision: revision,
        istiodNamespace: ISTIO_NAMESPACE,
      },
    });
    const injector = seeder.cluster.store.get(
      MUTATING_WEBHOOKS,
      undefined,
      injectorWebhookName(revision),
    )!;
    seeder.put(MUTATING_WEBHOOKS, tagWebhooks(tag, revision, injector));
  }
}

function wellStatus(
  seeder: Seeder,
  ...more: ReturnType<typeof usage>[]
): SailStatus {
  return {
    observedGeneration: 1,
    ...conditionsOf(undefined, [...WELL, ...more], seeder.now),
  };
}
