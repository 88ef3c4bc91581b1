import { listAll } from '../../clusters/listAll';
import {
  ISTIO_REVISION_TAGS,
  revisionNameOf,
  type IstioRevisionTag,
} from '../../kubernetes/sail';
import { ISTIOS, NAMESPACES, type Istio } from '../../kubernetes/types';
import {
  REVISION_TAG_ACTION,
  type RevisionTagParameters,
} from '../actuators/revisionTag';
import {
  SAIL_ISTIO_ACTION,
  type SailIstioParameters,
} from '../actuators/sailIstio';
import {
  describeSpecVersion,
  effectOnAlias,
  previewSpecVersion,
} from './sailVersion';
import type { DriverInput, DriverPlan } from './types';

/** Plans a control plane beside the present one, which the tags of the `Istio` then point at. */
export async function planNewRevision(
  input: DriverInput,
  istio: Istio,
): Promise<DriverPlan> {
  return planRevision(input, istio, `v${input.targetVersion}`);
}

/**
 * Plans that an `Istio` stands for the revision of another `spec.version`,
 * whether or not the operator still has that revision.
 */
export async function planRevision(
  { client, controlPlane, targetVersion, signal }: DriverInput,
  istio: Istio,
  specVersion: string,
): Promise<DriverPlan> {
  const { cluster, namespace } = controlPlane;
  const { name } = istio.metadata;
  const revision = revisionNameOf(name, specVersion);
  const deployment = `istiod-${revision}`;
  const former = istio.status?.activeRevisionName ?? controlPlane.revision;
  const tags = (
    await listAll<IstioRevisionTag>(client, ISTIO_REVISION_TAGS, { signal })
  ).filter(
    ({ spec }) =>
      spec?.targetRef?.kind === 'Istio' && spec.targetRef.name === name,
  );
  const byHand = await listAll(client, NAMESPACES, {
    labelSelector: `istio.io/rev=${former},!istio-injection`,
    signal,
  });
  const parameters: SailIstioParameters = {
    istio: name,
    namespace,
    deployment,
    version: targetVersion,
    specVersion,
    before: istio.spec.version,
    revision,
  };
  return {
    changes: [
      {
        cluster,
        object: `Istio ${name}`,
        before: describeSpecVersion(istio),
        after: `spec.version ${specVersion}`,
        effect: `The Sail operator brings up IstioRevision ${revision} with Deployment ${namespace}/${deployment}; revision ${former} stays while anything uses it, and no workload restarts${effectOnAlias(
          istio,
        )}`,
        yaml: await previewSpecVersion(
          client,
          { resource: ISTIOS, object: istio, version: specVersion },
          signal,
        ),
      },
      ...tags.map(tag => ({
        cluster,
        object: `IstioRevisionTag ${tag.metadata.name}`,
        before: `points at ${tag.status?.istioRevision ?? former}`,
        after: `points at ${revision}`,
        effect: `It follows Istio ${name} by itself; new pods of the namespaces that use the tag get the proxy ${targetVersion}`,
      })),
    ],
    steps: [
      {
        phase: 'upgrade',
        title: deployment,
        cluster,
        action: SAIL_ISTIO_ACTION,
        parameters,
      },
      ...tags.map(tag => {
        const tagParameters: RevisionTagParameters = {
          tag: tag.metadata.name,
          revision,
        };
        return {
          phase: 'upgrade' as const,
          title: `IstioRevisionTag ${tag.metadata.name}`,
          cluster,
          action: REVISION_TAG_ACTION,
          parameters: tagParameters,
        };
      }),
    ],
    skipped: byHand.map(({ metadata }) => ({
      workload: `${cluster}/Namespace/${metadata.name}`,
      reason: `Its label names revision ${former}, so that its workloads stay there until you move it: kubectl label namespace ${metadata.name} istio.io/rev=${revision} --overwrite, then upgrade their sidecars`,
    })),
    successor: { name: deployment, revision },
  };
}
