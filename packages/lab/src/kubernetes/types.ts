/**
 * The shapes of the Kubernetes objects the lab works with: only the fields it reads or writes.
 * Objects hold whatever else a client sent; these types merely do not name it.
 */

export type StringMap = Record<string, string>;

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface ObjectMeta {
  name: string;
  namespace?: string;
  generateName?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: StringMap;
  annotations?: StringMap;
  ownerReferences?: OwnerReference[];
}

export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec?: unknown;
  status?: unknown;
}

/** An object as a client hands it in: the server has not yet given it an identity. */
export type Draft<T extends KubeObject = KubeObject> = {
  [K in keyof T]: K extends 'metadata' ? Partial<ObjectMeta> : T[K];
};

export interface LabelSelector {
  matchLabels?: StringMap;
  matchExpressions?: Array<{
    key: string;
    operator: string;
    values?: string[];
  }>;
}

export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
  lastUpdateTime?: string;
}

export interface Container {
  name: string;
  image: string;
  command?: string[];
  args?: string[];
  env?: Array<{ name: string; value?: string }>;
  ports?: Array<{ name?: string; containerPort: number; protocol?: string }>;
  resources?: { requests?: StringMap; limits?: StringMap };
  volumeMounts?: Array<{ name: string; mountPath: string; subPath?: string }>;
  restartPolicy?: string;
  imagePullPolicy?: string;
  terminationMessagePath?: string;
  terminationMessagePolicy?: string;
  readinessProbe?: unknown;
  securityContext?: unknown;
  targetContainerName?: string;
}

export interface PodSpec {
  containers: Container[];
  initContainers?: Container[];
  ephemeralContainers?: Container[];
  volumes?: Array<{ name: string; [source: string]: unknown }>;
  imagePullSecrets?: Array<{ name: string }>;
  nodeName?: string;
  hostNetwork?: boolean;
  restartPolicy?: string;
  serviceAccountName?: string;
  terminationGracePeriodSeconds?: number;
}

export interface ContainerStatus {
  name: string;
  image: string;
  imageID: string;
  ready: boolean;
  started?: boolean;
  restartCount: number;
  state: {
    waiting?: { reason: string; message?: string };
    running?: { startedAt: string };
    terminated?: {
      exitCode: number;
      reason: string;
      startedAt: string;
      finishedAt: string;
    };
  };
}

export interface PodStatus {
  phase: string;
  observedGeneration?: number;
  podIP?: string;
  startTime?: string;
  reason?: string;
  message?: string;
  conditions?: Condition[];
  containerStatuses?: ContainerStatus[];
  initContainerStatuses?: ContainerStatus[];
  ephemeralContainerStatuses?: ContainerStatus[];
}

export interface Pod extends KubeObject {
  spec: PodSpec;
  status?: PodStatus;
}

export interface PodTemplate {
  metadata?: { labels?: StringMap; annotations?: StringMap };
  spec: PodSpec;
}

export interface RollingUpdate {
  maxSurge?: number | string;
  maxUnavailable?: number | string;
  partition?: number;
}

export interface Deployment extends KubeObject {
  spec: {
    replicas?: number;
    paused?: boolean;
    selector: LabelSelector;
    template: PodTemplate;
    strategy?: { type?: string; rollingUpdate?: RollingUpdate };
    revisionHistoryLimit?: number;
    progressDeadlineSeconds?: number;
  };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    unavailableReplicas?: number;
    conditions?: Condition[];
  };
}

export interface ReplicaSet extends KubeObject {
  spec: { replicas?: number; selector: LabelSelector; template: PodTemplate };
  status?: {
    observedGeneration?: number;
    replicas: number;
    fullyLabeledReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    conditions?: Condition[];
  };
}

export interface ReplicationController extends KubeObject {
  spec: { replicas?: number; selector?: StringMap; template: PodTemplate };
  status?: ReplicaSet['status'];
}

/** A Rollout, DeploymentConfig or CloneSet: what the lab reads of them is the same. */
export interface ReplicaOwner extends KubeObject {
  spec: {
    replicas?: number;
    paused?: boolean;
    selector?: LabelSelector | StringMap;
    template: PodTemplate;
    /** Of a Rollout: pods that are older are replaced. */
    restartAt?: string;
    [more: string]: unknown;
  };
  status?: {
    observedGeneration?: number | string;
    replicas?: number;
    updatedReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    [more: string]: unknown;
  };
}

export interface HorizontalPodAutoscaler extends KubeObject {
  spec: {
    minReplicas?: number;
    maxReplicas: number;
    scaleTargetRef: { apiVersion: string; kind: string; name: string };
    metrics?: unknown[];
  };
  status?: { currentReplicas?: number; desiredReplicas?: number };
}

/** A Gateway of the Gateway API. */
export interface Gateway extends KubeObject {
  spec: { gatewayClassName: string; listeners: unknown[] };
}

export interface StatefulSet extends KubeObject {
  spec: {
    replicas?: number;
    serviceName?: string;
    selector: LabelSelector;
    template: PodTemplate;
    updateStrategy?: { type?: string; rollingUpdate?: RollingUpdate };
  };
  status?: {
    observedGeneration?: number;
    replicas: number;
    readyReplicas?: number;
    availableReplicas?: number;
    currentReplicas?: number;
    updatedReplicas?: number;
    currentRevision?: string;
    updateRevision?: string;
  };
}

export interface DaemonSet extends KubeObject {
  spec: {
    selector: LabelSelector;
    template: PodTemplate;
    updateStrategy?: { type?: string; rollingUpdate?: RollingUpdate };
  };
  status?: {
    observedGeneration?: number;
    currentNumberScheduled: number;
    desiredNumberScheduled: number;
    numberMisscheduled: number;
    numberReady: number;
    numberAvailable?: number;
    numberUnavailable?: number;
    updatedNumberScheduled?: number;
  };
}

export interface Job extends KubeObject {
  spec: {
    template: PodTemplate;
    backoffLimit?: number;
    completions?: number;
    parallelism?: number;
    selector?: LabelSelector;
    ttlSecondsAfterFinished?: number;
    activeDeadlineSeconds?: number;
  };
  status?: {
    active?: number;
    ready?: number;
    succeeded?: number;
    failed?: number;
    startTime?: string;
    completionTime?: string;
    conditions?: Condition[];
  };
}

export interface CronJob extends KubeObject {
  spec: { schedule: string; jobTemplate: { spec: Job['spec'] } };
}

export interface PodDisruptionBudget extends KubeObject {
  spec: {
    minAvailable?: number | string;
    maxUnavailable?: number | string;
    selector?: LabelSelector;
    unhealthyPodEvictionPolicy?: string;
  };
  status?: {
    observedGeneration?: number;
    disruptionsAllowed: number;
    currentHealthy: number;
    desiredHealthy: number;
    expectedPods: number;
    conditions?: Condition[];
  };
}

export interface Namespace extends KubeObject {
  spec?: { finalizers?: string[] };
  status?: { phase: string };
}

export interface Node extends KubeObject {
  spec?: { podCIDR?: string; unschedulable?: boolean };
  status: {
    capacity: StringMap;
    allocatable: StringMap;
    conditions: Condition[];
    nodeInfo: StringMap;
    addresses: Array<{ type: string; address: string }>;
  };
}

export interface ConfigMap extends KubeObject {
  data?: StringMap;
}

export interface Secret extends KubeObject {
  type?: string;
  data?: StringMap;
}

export interface Service extends KubeObject {
  spec: {
    selector?: StringMap;
    ports: Array<{ name: string; port: number; targetPort?: number }>;
    clusterIP?: string;
    type?: string;
  };
}

export interface Webhook {
  name: string;
  clientConfig: {
    service?: { name: string; namespace: string; path?: string; port?: number };
    /** Of an istiod outside of the cluster. */
    url?: string;
    caBundle?: string;
  };
  rules?: unknown[];
  namespaceSelector?: LabelSelector;
  objectSelector?: LabelSelector;
  failurePolicy?: string;
  sideEffects: string;
  admissionReviewVersions: string[];
  reinvocationPolicy?: string;
}

export interface WebhookConfiguration extends KubeObject {
  webhooks?: Webhook[];
}

export interface SailStatus {
  observedGeneration?: number;
  state?: string;
  activeRevisionName?: string;
  revisions?: { total: number; ready: number; inUse: number };
  conditions?: Condition[];
}

export interface Istio extends KubeObject {
  spec: {
    version?: string;
    namespace?: string;
    updateStrategy?: {
      type?: string;
      inactiveRevisionDeletionGracePeriodSeconds?: number;
      updateWorkloads?: boolean;
    };
    values?: IstioValues;
  };
  status?: SailStatus;
}

export interface IstioRevision extends KubeObject {
  spec: { version: string; namespace: string; values?: IstioValues };
  status?: SailStatus;
}

/** A name for whatever revision an `Istio` or `IstioRevision` stands for at present. */
export interface IstioRevisionTag extends KubeObject {
  spec: { targetRef: { kind: 'Istio' | 'IstioRevision'; name: string } };
  status?: SailStatus & { istioRevision?: string; istiodNamespace?: string };
}

/** Where Flux gets a chart from: an OCI artifact of one tag. */
export interface OciRepository extends KubeObject {
  spec: { url: string; ref?: { tag?: string }; insecure?: boolean };
  status?: FluxStatus & { artifact?: { revision: string; digest: string } };
}

/** Where Flux gets charts from that releases name with their versions. */
export interface HelmRepository extends KubeObject {
  spec: { url: string; type?: string; insecure?: boolean };
  status?: FluxStatus;
}

/** A release of Flux's helm-controller. */
export interface FluxHelmRelease extends KubeObject {
  spec: {
    suspend?: boolean;
    releaseName?: string;
    targetNamespace?: string;
    chart?: {
      spec: {
        chart: string;
        version?: string;
        sourceRef: { kind: string; name: string; namespace?: string };
      };
    };
    chartRef?: { kind: string; name: string; namespace?: string };
    values?: IstioValues;
    [more: string]: unknown;
  };
  status?: FluxStatus & {
    lastAttemptedRevision?: string;
    lastAttemptedGeneration?: number;
    failures?: number;
    upgradeFailures?: number;
    history?: FluxSnapshot[];
  };
}

/** One installation of a release, the newest first in its history. */
export interface FluxSnapshot {
  name: string;
  namespace: string;
  version: number;
  chartName: string;
  chartVersion: string;
  status: string;
  firstDeployed: string;
  lastDeployed: string;
}

/** A folder of a Git repository that Flux keeps a cluster like. */
export interface Kustomization extends KubeObject {
  spec: {
    path: string;
    prune?: boolean;
    suspend?: boolean;
    sourceRef: { kind: string; name: string };
    [more: string]: unknown;
  };
  status?: FluxStatus & {
    lastAppliedRevision?: string;
    lastAttemptedRevision?: string;
  };
}

export interface FluxStatus {
  observedGeneration?: number;
  lastHandledReconcileAt?: string;
  conditions?: Condition[];
}

/** What an Application of Argo CD installs: a chart, or a folder of manifests. */
export interface ApplicationSource {
  repoURL: string;
  chart?: string;
  path?: string;
  targetRevision?: string;
  helm?: { valuesObject?: IstioValues; releaseName?: string };
}

export interface Application extends KubeObject {
  spec: {
    project?: string;
    source: ApplicationSource;
    destination: { server?: string; namespace?: string };
    syncPolicy?: {
      automated?: { enabled?: boolean; prune?: boolean; selfHeal?: boolean };
    };
    [more: string]: unknown;
  };
  /** What somebody asked it to do; it goes when it is begun. */
  operation?: { initiatedBy?: { username?: string }; sync?: object };
  status?: ApplicationStatus;
}

export interface ApplicationStatus {
  sync: { status: 'Synced' | 'OutOfSync' | 'Unknown'; revision?: string };
  health: { status: string; message?: string };
  operationState?: {
    phase: string;
    message: string;
    startedAt: string;
    finishedAt?: string;
    operation: object;
    syncResult?: { revision: string; source: ApplicationSource };
  };
  history?: Array<{
    id: number;
    revision: string;
    deployedAt: string;
    source: ApplicationSource;
  }>;
  conditions?: Array<{
    type: string;
    message: string;
    lastTransitionTime: string;
  }>;
}

/** The chart values that decide which images a control plane runs and injects. */
export interface IstioValues {
  revision?: string;
  global?: {
    hub?: string;
    tag?: string;
    variant?: string;
    meshID?: string;
    network?: string;
    istioNamespace?: string;
    proxy?: { image?: string };
    multiCluster?: { clusterName?: string };
  };
  /** Where the charts of the agents on the nodes look for their image first. */
  cni?: { hub?: string; tag?: string };
  hub?: string;
  tag?: string;
  pilot?: Record<string, unknown>;
  meshConfig?: Record<string, unknown>;
}

export interface CustomResourceDefinition extends KubeObject {
  spec: {
    group: string;
    names: { plural: string; singular: string; kind: string; listKind: string };
    scope: string;
    preserveUnknownFields?: boolean;
    versions: Array<{
      name: string;
      served: boolean;
      storage: boolean;
      subresources?: unknown;
      schema?: unknown;
    }>;
  };
  status?: { storedVersions?: string[]; conditions?: Condition[] };
}
