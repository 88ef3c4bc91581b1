import type {
  Application,
  ConfigMap,
  CronJob,
  CustomResourceDefinition,
  DaemonSet,
  Deployment,
  FluxHelmRelease,
  Gateway,
  HelmRepository,
  HorizontalPodAutoscaler,
  Istio,
  IstioRevision,
  IstioRevisionTag,
  Job,
  KubeObject,
  Kustomization,
  Namespace,
  Node,
  OciRepository,
  Pod,
  PodDisruptionBudget,
  ReplicaOwner,
  ReplicaSet,
  ReplicationController,
  Secret,
  Service,
  StatefulSet,
  WebhookConfiguration,
} from './types';

/** A kind the API serves; the type parameter ties it to the shape of its objects. */
export interface Resource<T extends KubeObject = KubeObject> {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly subresources: readonly string[];
  /** Custom resources keep `apiVersion` and `kind` in lists and refuse strategic merge patches. */
  readonly custom: boolean;
  readonly example?: T;
}

type Extras = Partial<
  Pick<Resource, 'namespaced' | 'shortNames' | 'subresources' | 'custom'>
>;

const everyResource: Resource[] = [];

function define<T extends KubeObject>(
  groupVersion: string,
  plural: string,
  kind: string,
  extras: Extras = {},
): Resource<T> {
  const [group, version] = groupVersion.includes('/')
    ? groupVersion.split('/')
    : ['', groupVersion];
  const resource: Resource<T> = {
    group,
    version,
    plural,
    kind,
    namespaced: true,
    shortNames: [],
    subresources: [],
    custom: false,
    ...extras,
  };
  everyResource.push(resource as Resource);
  return resource;
}

const status = { subresources: ['status'] };
const scalable = { subresources: ['scale', 'status'] };
const clusterScoped = { namespaced: false };
const sail = {
  namespaced: false,
  custom: true,
  subresources: ['status'],
};

export const NAMESPACES = define<Namespace>('v1', 'namespaces', 'Namespace', {
  ...clusterScoped,
  shortNames: ['ns'],
  subresources: ['status'],
});
export const NODES = define<Node>('v1', 'nodes', 'Node', {
  ...clusterScoped,
  shortNames: ['no'],
  subresources: ['status'],
});
export const PODS = define<Pod>('v1', 'pods', 'Pod', {
  shortNames: ['po'],
  subresources: ['ephemeralcontainers', 'eviction', 'log', 'proxy', 'status'],
});
export const SERVICES = define<Service>('v1', 'services', 'Service', {
  shortNames: ['svc'],
  subresources: ['status'],
});
export const CONFIG_MAPS = define<ConfigMap>('v1', 'configmaps', 'ConfigMap', {
  shortNames: ['cm'],
});
export const SECRETS = define<Secret>('v1', 'secrets', 'Secret');
export const SERVICE_ACCOUNTS = define(
  'v1',
  'serviceaccounts',
  'ServiceAccount',
  {
    shortNames: ['sa'],
  },
);
export const EVENTS = define('v1', 'events', 'Event', { shortNames: ['ev'] });

export const DEPLOYMENTS = define<Deployment>(
  'apps/v1',
  'deployments',
  'Deployment',
  { ...scalable, shortNames: ['deploy'] },
);
export const STATEFUL_SETS = define<StatefulSet>(
  'apps/v1',
  'statefulsets',
  'StatefulSet',
  { ...scalable, shortNames: ['sts'] },
);
export const DAEMON_SETS = define<DaemonSet>(
  'apps/v1',
  'daemonsets',
  'DaemonSet',
  { ...status, shortNames: ['ds'] },
);
export const REPLICA_SETS = define<ReplicaSet>(
  'apps/v1',
  'replicasets',
  'ReplicaSet',
  { ...scalable, shortNames: ['rs'] },
);

export const REPLICATION_CONTROLLERS = define<ReplicationController>(
  'v1',
  'replicationcontrollers',
  'ReplicationController',
  { ...scalable, shortNames: ['rc'] },
);

export const JOBS = define<Job>('batch/v1', 'jobs', 'Job', status);
export const CRON_JOBS = define<CronJob>('batch/v1', 'cronjobs', 'CronJob', {
  ...status,
  shortNames: ['cj'],
});

export const POD_DISRUPTION_BUDGETS = define<PodDisruptionBudget>(
  'policy/v1',
  'poddisruptionbudgets',
  'PodDisruptionBudget',
  { ...status, shortNames: ['pdb'] },
);

export const POD_AUTOSCALERS = define<HorizontalPodAutoscaler>(
  'autoscaling/v2',
  'horizontalpodautoscalers',
  'HorizontalPodAutoscaler',
  { ...status, shortNames: ['hpa'] },
);

export const RESOURCE_QUOTAS = define('v1', 'resourcequotas', 'ResourceQuota', {
  ...status,
  shortNames: ['quota'],
});
export const LIMIT_RANGES = define('v1', 'limitranges', 'LimitRange', {
  shortNames: ['limits'],
});

export const MUTATING_WEBHOOKS = define<WebhookConfiguration>(
  'admissionregistration.k8s.io/v1',
  'mutatingwebhookconfigurations',
  'MutatingWebhookConfiguration',
  clusterScoped,
);
export const VALIDATING_WEBHOOKS = define<WebhookConfiguration>(
  'admissionregistration.k8s.io/v1',
  'validatingwebhookconfigurations',
  'ValidatingWebhookConfiguration',
  clusterScoped,
);
export const CUSTOM_RESOURCE_DEFINITIONS = define<CustomResourceDefinition>(
  'apiextensions.k8s.io/v1',
  'customresourcedefinitions',
  'CustomResourceDefinition',
  { ...clusterScoped, shortNames: ['crd', 'crds'], subresources: ['status'] },
);

export const ROLES = define('rbac.authorization.k8s.io/v1', 'roles', 'Role');
export const ROLE_BINDINGS = define(
  'rbac.authorization.k8s.io/v1',
  'rolebindings',
  'RoleBinding',
);
export const CLUSTER_ROLES = define(
  'rbac.authorization.k8s.io/v1',
  'clusterroles',
  'ClusterRole',
  clusterScoped,
);
export const CLUSTER_ROLE_BINDINGS = define(
  'rbac.authorization.k8s.io/v1',
  'clusterrolebindings',
  'ClusterRoleBinding',
  clusterScoped,
);

export const ISTIOS = define<Istio>(
  'sailoperator.io/v1',
  'istios',
  'Istio',
  sail,
);
export const ISTIO_REVISIONS = define<IstioRevision>(
  'sailoperator.io/v1',
  'istiorevisions',
  'IstioRevision',
  { ...sail, shortNames: ['istiorev'] },
);
export const ISTIO_REVISION_TAGS = define<IstioRevisionTag>(
  'sailoperator.io/v1',
  'istiorevisiontags',
  'IstioRevisionTag',
  { ...sail, shortNames: ['istiorevtag'] },
);
export const ISTIO_CNIS = define<Istio>(
  'sailoperator.io/v1',
  'istiocnis',
  'IstioCNI',
  sail,
);
export const ZTUNNELS = define<Istio>(
  'sailoperator.io/v1',
  'ztunnels',
  'ZTunnel',
  sail,
);

/** Kinds of other makers; served where their definition is installed, as Sail's. */
const foreign = { custom: true, subresources: ['scale', 'status'] };
export const ROLLOUTS = define<ReplicaOwner>(
  'argoproj.io/v1alpha1',
  'rollouts',
  'Rollout',
  foreign,
);
export const DEPLOYMENT_CONFIGS = define<ReplicaOwner>(
  'apps.openshift.io/v1',
  'deploymentconfigs',
  'DeploymentConfig',
  foreign,
);
export const CLONE_SETS = define<ReplicaOwner>(
  'apps.kruise.io/v1alpha1',
  'clonesets',
  'CloneSet',
  foreign,
);

const configuration = { custom: true, ...status };

/** Flux's kinds, as far as a control plane comes from them. */
export const FLUX_HELM_RELEASES = define<FluxHelmRelease>(
  'helm.toolkit.fluxcd.io/v2',
  'helmreleases',
  'HelmRelease',
  { ...configuration, shortNames: ['hr'] },
);
export const OCI_REPOSITORIES = define<OciRepository>(
  'source.toolkit.fluxcd.io/v1',
  'ocirepositories',
  'OCIRepository',
  { ...configuration, shortNames: ['ocirepo'] },
);
export const HELM_REPOSITORIES = define<HelmRepository>(
  'source.toolkit.fluxcd.io/v1',
  'helmrepositories',
  'HelmRepository',
  { ...configuration, shortNames: ['helmrepo'] },
);
export const GIT_REPOSITORIES = define(
  'source.toolkit.fluxcd.io/v1',
  'gitrepositories',
  'GitRepository',
  { ...configuration, shortNames: ['gitrepo'] },
);
export const KUSTOMIZATIONS = define<Kustomization>(
  'kustomize.toolkit.fluxcd.io/v1',
  'kustomizations',
  'Kustomization',
  { ...configuration, shortNames: ['ks'] },
);

/** Argo CD's; it keeps `status` in the object itself, without a subresource. */
export const APPLICATIONS = define<Application>(
  'argoproj.io/v1alpha1',
  'applications',
  'Application',
  { custom: true, shortNames: ['app', 'apps'] },
);

/** What the users of a mesh configure, each kind at the version that is stored. */
export const ISTIO_CONFIGURATION: readonly Resource[] = [
  define(
    'extensions.istio.io/v1alpha1',
    'wasmplugins',
    'WasmPlugin',
    configuration,
  ),
  define('networking.istio.io/v1', 'destinationrules', 'DestinationRule', {
    ...configuration,
    shortNames: ['dr'],
  }),
  define(
    'networking.istio.io/v1alpha3',
    'envoyfilters',
    'EnvoyFilter',
    configuration,
  ),
  define('networking.istio.io/v1', 'gateways', 'Gateway', {
    ...configuration,
    shortNames: ['gw'],
  }),
  define(
    'networking.istio.io/v1beta1',
    'proxyconfigs',
    'ProxyConfig',
    configuration,
  ),
  define('networking.istio.io/v1', 'serviceentries', 'ServiceEntry', {
    ...configuration,
    shortNames: ['se'],
  }),
  define('networking.istio.io/v1', 'sidecars', 'Sidecar', configuration),
  define('networking.istio.io/v1', 'virtualservices', 'VirtualService', {
    ...configuration,
    shortNames: ['vs'],
  }),
  define('networking.istio.io/v1', 'workloadentries', 'WorkloadEntry', {
    ...configuration,
    shortNames: ['we'],
  }),
  define('networking.istio.io/v1', 'workloadgroups', 'WorkloadGroup', {
    ...configuration,
    shortNames: ['wg'],
  }),
  define(
    'security.istio.io/v1',
    'authorizationpolicies',
    'AuthorizationPolicy',
    {
      ...configuration,
      shortNames: ['ap'],
    },
  ),
  define('security.istio.io/v1', 'peerauthentications', 'PeerAuthentication', {
    ...configuration,
    shortNames: ['pa'],
  }),
  define(
    'security.istio.io/v1',
    'requestauthentications',
    'RequestAuthentication',
    {
      ...configuration,
      shortNames: ['ra'],
    },
  ),
  define('telemetry.istio.io/v1', 'telemetries', 'Telemetry', configuration),
];

/** The Gateway API's own kinds. */
export const GATEWAY_CLASSES = define(
  'gateway.networking.k8s.io/v1',
  'gatewayclasses',
  'GatewayClass',
  { ...configuration, namespaced: false, shortNames: ['gc'] },
);
export const GATEWAYS = define<Gateway>(
  'gateway.networking.k8s.io/v1',
  'gateways',
  'Gateway',
  { ...configuration, shortNames: ['gtw'] },
);
export const HTTP_ROUTES = define(
  'gateway.networking.k8s.io/v1',
  'httproutes',
  'HTTPRoute',
  configuration,
);

export const RESOURCES: readonly Resource[] = everyResource;

/** `v1` or `apps/v1`. */
export function apiVersionOf(
  resource: Pick<Resource, 'group' | 'version'>,
): string {
  return resource.group
    ? `${resource.group}/${resource.version}`
    : resource.version;
}

/** `pods` or `deployments.apps`, as Kubernetes names a resource in its messages. */
export function qualifiedName(resource: Resource): string {
  return resource.group
    ? `${resource.plural}.${resource.group}`
    : resource.plural;
}

/** The kind of the configuration of a mesh; throws when there is none of that name. */
export function istioConfiguration(kind: string): Resource {
  const found = ISTIO_CONFIGURATION.find(each => each.kind === kind);
  if (!found) {
    throw new Error(`no configuration kind "${kind}" in this lab`);
  }
  return found;
}

/** The kind at a group, version and plural; `undefined` when the lab does not serve it. */
export function findResource(
  group: string,
  version: string,
  plural: string,
): Resource | undefined {
  return RESOURCES.find(
    resource =>
      resource.group === group &&
      resource.version === version &&
      resource.plural === plural,
  );
}
