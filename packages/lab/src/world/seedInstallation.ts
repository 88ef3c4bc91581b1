import { controlPlaneEntries } from '../controlPlane/applyControlPlane';
import { encodeRelease } from '../controlPlane/helmRelease';
import { ISTIO_NAMESPACE, istiodName } from '../controlPlane/names';
import {
  controlPlaneObjects,
  type ControlPlane,
} from '../controlPlane/objects';
import { newRelease } from '../controlPlane/releases';
import { budgetStatus } from '../controllers/disruptionBudget';
import {
  DEPLOYMENTS,
  POD_AUTOSCALERS,
  POD_DISRUPTION_BUDGETS,
  SECRETS,
  SERVICE_ACCOUNTS,
  type Resource,
} from '../kubernetes/resources';
import type { Deployment, Draft, IstioValues } from '../kubernetes/types';
import { withMarks, type Marks } from '../operators/charts/marks';
import type { MeshBlueprint } from './blueprint';
import type { Seeder } from './Seeder';
import { seedDeployment } from './seedWorkload';

/** How often each release was upgraded before the world begins. */
export const EARLIER_RELEASES = ['1.28.6', '1.29.4', '1.30.2'];
const ISTIOD_REPLICAS = 2;

/** Puts the secrets of a release in place, one for each version of its chart. */
export function seedReleases(
  seeder: Seeder,
  name: string,
  versions: string[],
  config: IstioValues,
  chart = 'istiod',
) {
  versions.forEach((version, index) => {
    const release = newRelease({
      name,
      namespace: ISTIO_NAMESPACE,
      chart,
      version,
      config,
      revision: index + 1,
      now: seeder.now,
    });
    const status = index === versions.length - 1 ? 'deployed' : 'superseded';
    seeder.put(
      SECRETS,
      encodeRelease({ ...release, info: { ...release.info, status } }),
    );
  });
}

/** Puts a control plane in place, ready and at rest. */
export function seedObjects(
  seeder: Seeder,
  plane: Pick<
    ControlPlane,
    'values' | 'release' | 'owner' | 'installer' | 'image'
  > & { mesh: MeshBlueprint; revision?: string; marks?: Marks },
) {
  const { mesh, revision = 'default', marks = {}, ...rest } = plane;
  const objects = controlPlaneObjects({
    ...rest,
    revision,
    chartVersion: mesh.version,
    replicas: mesh.istiodReplicas ?? ISTIOD_REPLICAS,
  });
  seeder.put(SERVICE_ACCOUNTS, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: istiodName(revision), namespace: ISTIO_NAMESPACE },
  });
  for (const [resource, plain] of controlPlaneEntries(objects)) {
    const draft = withMarks(resource, plain, marks);
    if (resource === (DEPLOYMENTS as Resource)) {
      seedDeployment(seeder, draft as Draft<Deployment>);
    } else {
      seeder.put(resource, draft);
    }
  }
  settleAutoscaler(seeder, istiodName(revision));
  const budget = seeder.cluster.store.get(
    POD_DISRUPTION_BUDGETS,
    ISTIO_NAMESPACE,
    istiodName(revision),
  )!;
  seeder.settle(POD_DISRUPTION_BUDGETS, budget, each => ({
    ...each,
    status: budgetStatus(seeder.cluster, each),
  }));
}

function settleAutoscaler(seeder: Seeder, name: string) {
  const autoscaler = seeder.cluster.store.get(
    POD_AUTOSCALERS,
    ISTIO_NAMESPACE,
    name,
  );
  if (autoscaler) {
    const replicas = autoscaler.spec.minReplicas;
    seeder.settle(POD_AUTOSCALERS, autoscaler, each => ({
      ...each,
      status: { currentReplicas: replicas, desiredReplicas: replicas },
    }));
  }
}
