import type {
  KubernetesObject,
  ProtobufDecoder,
  ResourceType,
} from '../../clusters/types';
import { customResourceName } from '../facts/ClusterFacts';
import type {
  BuiltInResource,
  FactResource,
  WorkloadResource,
} from '../facts/ClusterFacts';
import { podFromProtobuf } from '../facts/podFromProtobuf';
import { BUILT_IN_KINDS } from '../facts/workloadKinds';
import type { WorkloadKindSpec } from '../facts/workloadKinds';

/** How one resource is asked for. */
export interface CollectedResource extends ResourceType {
  labelSelector?: string;
  /** Clusters need not serve it. */
  optional?: boolean;
  /** Nothing that is decided needs it: what it would tell is unknown where it is refused, and the cluster is read completely all the same. */
  dispensable?: boolean;
  /** There is much of it: told by the watch itself where the server can. */
  streamed?: boolean;
  /** How to read one in protobuf, which is worth it where there is much of it. */
  decode?: ProtobufDecoder<KubernetesObject>;
}

/** What is listed and watched on every cluster besides the workloads. */
const OTHER_RESOURCES: Record<
  Exclude<BuiltInResource, WorkloadResource>,
  CollectedResource
> = {
  namespaces: { group: '', version: 'v1', resource: 'namespaces' },
  pods: {
    group: '',
    version: 'v1',
    resource: 'pods',
    streamed: true,
    decode: podFromProtobuf,
  },
  services: {
    group: '',
    version: 'v1',
    resource: 'services',
    dispensable: true,
  },
  configmaps: {
    group: '',
    version: 'v1',
    resource: 'configmaps',
    // Names cannot be selected by prefix; Istio labels its own configuration, and nothing else has the label.
    labelSelector: 'istio.io/rev',
  },
  mutatingwebhookconfigurations: {
    group: 'admissionregistration.k8s.io',
    version: 'v1',
    resource: 'mutatingwebhookconfigurations',
  },
  istios: {
    group: 'sailoperator.io',
    version: 'v1',
    resource: 'istios',
    optional: true,
  },
  istiorevisiontags: {
    group: 'sailoperator.io',
    version: 'v1',
    resource: 'istiorevisiontags',
    optional: true,
  },
  kymaistios: {
    group: 'operator.kyma-project.io',
    version: 'v1alpha2',
    resource: 'istios',
    optional: true,
  },
};

/** Everything that is listed and watched on a cluster, by name. */
export function collectedResources(
  customKinds: WorkloadKindSpec[] = [],
): Map<FactResource, CollectedResource> {
  return new Map<FactResource, CollectedResource>([
    ...(Object.entries(OTHER_RESOURCES) as [FactResource, CollectedResource][]),
    ...Object.values(BUILT_IN_KINDS).map(
      (kind): [FactResource, CollectedResource] => [
        kind.resource as WorkloadResource,
        addressOf(kind),
      ],
    ),
    ...customKinds.map((kind): [FactResource, CollectedResource] => [
      customResourceName(kind),
      { ...addressOf(kind), optional: true },
    ]),
  ]);
}

function addressOf({
  group,
  version,
  resource,
  optional,
}: WorkloadKindSpec): CollectedResource {
  return { group, version, resource, optional };
}
