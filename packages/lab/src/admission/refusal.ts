import type { Cluster } from '../cluster/Cluster';
import { matchesPod, type AdmissionRefusal } from '../knobs/Knobs';
import { ApiError } from '../kubernetes/errors';
import type { Container, Draft, Pod } from '../kubernetes/types';

/** Throws what admission would answer to a new pod that a knob has refused. */
export function refuseUnwanted(cluster: Cluster, pod: Draft<Pod>) {
  const { namespace = '', labels } = pod.metadata;
  const name = pod.metadata.name ?? '';
  const refusal = cluster
    .knobs()
    .refusedPods?.find(match =>
      matchesPod([match], { namespace, name, labels }),
    );
  if (refusal) {
    throw answerOf(refusal.by, name, pod);
  }
}

function answerOf(
  by: AdmissionRefusal['by'],
  name: string,
  pod: Draft<Pod>,
): ApiError {
  const details = { name, kind: 'pods' };
  const forbidden = (why: string) =>
    new ApiError(
      403,
      'Forbidden',
      `pods "${name}" is forbidden: ${why}`,
      details,
    );
  switch (by) {
    case 'quota':
      return forbidden(quotaWords(pod));
    case 'podSecurity':
      return forbidden(podSecurityWords(pod));
    case 'limitRange':
      return forbidden(limitRangeWords(pod));
    case 'webhook':
      return new ApiError(
        403,
        'Forbidden',
        `admission webhook "validation.gatekeeper.sh" denied the request: [container-limits] container <${lastContainer(
          pod,
        )}> has no resource limits`,
      );
    default: {
      const cause =
        "ValidatingAdmissionPolicy 'images-from-registry.example.com' with binding 'images-from-registry' denied request: images must come from registry.example.com";
      // A policy's own answer is 422, though it reads like the 403 of the others.
      return new ApiError(
        422,
        'Invalid',
        `pods "${name}" is forbidden: ${cause}`,
        { ...details, causes: [{ message: cause }] },
      );
    }
  }
}

/** A quota without room for what the pod asks. */
function quotaWords(pod: Draft<Pod>): string {
  const cpu = containersOf(pod)
    .map(({ resources }) => milli(resources?.requests?.cpu))
    .reduce((sum, each) => sum + each, 0);
  return `exceeded quota: compute, requested: requests.cpu=${cpu}m, used: requests.cpu=4, limited: requests.cpu=4`;
}

function limitRangeWords(pod: Draft<Pod>): string {
  const cpu = containersOf(pod)
    .map(({ resources }) => resources?.limits?.cpu)
    .find(limit => milli(limit) > 1000);
  return `maximum cpu usage per Container is 1, but limit is ${cpu ?? '2'}`;
}

/** What the profile `restricted` says of a pod without any hardening. */
function podSecurityWords(pod: Draft<Pod>): string {
  const names = containersOf(pod).map(({ name }) => `"${name}"`);
  const containers = `${
    names.length === 1 ? 'container' : 'containers'
  } ${names.join(', ')}`;
  const powerful = pod.spec.initContainers?.some(
    ({ name }) => name === 'istio-init',
  );
  return [
    `violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (${containers} must set securityContext.allowPrivilegeEscalation=false)`,
    powerful
      ? `unrestricted capabilities (${containers} must set securityContext.capabilities.drop=["ALL"]; container "istio-init" must not include "NET_ADMIN", "NET_RAW" in securityContext.capabilities.add)`
      : `unrestricted capabilities (${containers} must set securityContext.capabilities.drop=["ALL"])`,
    `runAsNonRoot != true (pod or ${containers} must set securityContext.runAsNonRoot=true)`,
    `seccompProfile (pod or ${containers} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")`,
  ].join(', ');
}

function containersOf({ spec }: Draft<Pod>): Container[] {
  return [...(spec.initContainers ?? []), ...spec.containers];
}

function lastContainer({ spec }: Draft<Pod>): string {
  return spec.containers[spec.containers.length - 1]?.name ?? '';
}

/** Thousandths of a CPU. */
function milli(quantity: string | undefined): number {
  if (!quantity) {
    return 0;
  }
  return quantity.endsWith('m')
    ? Number.parseFloat(quantity)
    : Number(quantity) * 1000;
}
