import { isDeepStrictEqual } from 'node:util';
import { validateConfiguration } from '../admission/validateConfiguration';
import type { Cluster } from '../cluster/Cluster';
import { invalid } from '../kubernetes/errors';
import { allContainers } from '../kubernetes/pods';
import {
  CUSTOM_RESOURCE_DEFINITIONS,
  DEPLOYMENTS,
  JOBS,
  PODS,
  qualifiedName,
  type Resource,
} from '../kubernetes/resources';
import { matchesSelector } from '../kubernetes/selectors';
import type {
  Deployment,
  Draft,
  Job,
  KubeObject,
  Pod,
  PodSpec,
} from '../kubernetes/types';

type Cause = { reason: string; message: string; field: string };

/** Refuses with 422 what the API server would refuse, as far as an upgrade can come across it, and then what Istio's validators would. */
export function validate(
  cluster: Cluster,
  resource: Resource,
  next: Draft | KubeObject,
  previous?: KubeObject,
) {
  const causes = [
    ...enumCauses(cluster, resource, next),
    ...kindCauses(resource, next, previous),
  ];
  if (causes.length) {
    throw invalid(resource, next.metadata.name ?? '', causes);
  }
  validateConfiguration(cluster, resource, next);
}

/** What the enum of `spec.version` in the kind's definition says. */
function enumCauses(
  cluster: Cluster,
  resource: Resource,
  next: Draft | KubeObject,
): Cause[] {
  const version = (next.spec as { version?: string } | undefined)?.version;
  if (!resource.custom || version === undefined) {
    return [];
  }
  const definition = cluster.store.get(
    CUSTOM_RESOURCE_DEFINITIONS,
    undefined,
    qualifiedName(resource),
  );
  const accepted = versionEnum(definition?.spec.versions[0].schema);
  if (!accepted || accepted.includes(version)) {
    return [];
  }
  return [
    {
      reason: 'FieldValueNotSupported',
      field: 'spec.version',
      message: `Unsupported value: "${version}": supported values: ${accepted
        .map(each => `"${each}"`)
        .join(', ')}`,
    },
  ];
}

function versionEnum(schema: unknown): string[] | undefined {
  return (
    schema as {
      openAPIV3Schema?: {
        properties?: {
          spec?: { properties?: { version?: { enum?: string[] } } };
        };
      };
    }
  )?.openAPIV3Schema?.properties?.spec?.properties?.version?.enum;
}

function kindCauses(
  resource: Resource,
  next: Draft | KubeObject,
  previous?: KubeObject,
): Cause[] {
  if (resource === (PODS as Resource)) {
    return previous
      ? podUpdateCauses(next as Pod, previous as Pod)
      : newPodCauses(next as Pod);
  }
  if (resource === (DEPLOYMENTS as Resource)) {
    return deploymentCauses(next as Deployment, previous as Deployment);
  }
  if (resource === (JOBS as Resource) && previous) {
    return isDeepStrictEqual(
      (next as Job).spec.template,
      (previous as Job).spec.template,
    )
      ? []
      : [immutable('spec.template', (next as Job).spec.template)];
  }
  return [];
}

function immutable(field: string, value: unknown): Cause {
  return {
    reason: 'FieldValueInvalid',
    field,
    message: `Invalid value: ${JSON.stringify(value)}: field is immutable`,
  };
}

function newPodCauses(pod: Pod): Cause[] {
  if (!pod.spec?.containers?.length) {
    return [
      {
        reason: 'FieldValueRequired',
        field: 'spec.containers',
        message: 'Required value',
      },
    ];
  }
  if (pod.spec.ephemeralContainers?.length) {
    return [
      {
        reason: 'FieldValueForbidden',
        field: 'spec.ephemeralContainers',
        message: 'Forbidden: cannot be set on create',
      },
    ];
  }
  return allContainers(pod.spec).flatMap(({ name, image }) =>
    image
      ? []
      : [
          {
            reason: 'FieldValueRequired',
            field: `spec.containers[${name}].image`,
            message: 'Required value',
          },
        ],
  );
}

/** A pod's spec as it is without what may be changed later. */
function fixedPart(spec: PodSpec) {
  const withoutImages = (containers?: PodSpec['containers']) =>
    containers?.map(({ image, ...rest }) => rest);
  return {
    ...spec,
    containers: withoutImages(spec.containers),
    initContainers: withoutImages(spec.initContainers),
  };
}

function podUpdateCauses(next: Pod, previous: Pod): Cause[] {
  return next.spec === previous.spec ||
    isDeepStrictEqual(fixedPart(next.spec), fixedPart(previous.spec))
    ? []
    : [
        {
          reason: 'FieldValueForbidden',
          field: 'spec',
          message:
            'Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
        },
      ];
}

function deploymentCauses(
  { spec }: Deployment,
  previous: Deployment | undefined,
): Cause[] {
  if (previous && !isDeepStrictEqual(spec.selector, previous.spec.selector)) {
    return [immutable('spec.selector', spec.selector)];
  }
  const labels = spec.template?.metadata?.labels;
  return matchesSelector(spec.selector, labels)
    ? []
    : [
        {
          reason: 'FieldValueInvalid',
          field: 'spec.template.metadata.labels',
          message: `Invalid value: ${JSON.stringify(
            labels ?? null,
          )}: \`selector\` does not match template \`labels\``,
        },
      ];
}
