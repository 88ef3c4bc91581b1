import type {
  GitOpsOwner,
  HelmReleaseView,
  InstallEvidence,
  MeshComponentKind,
  MeshComponentView,
  SidecarForm,
  WorkloadKind,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { LabelSelector } from '../../kubernetes/labelSelector';

/**
 * What is kept of a cluster's objects. A pod of 9 kB becomes about 200 bytes:
 * nothing here may hold on to the object it was read from.
 */

export interface NamespaceFact {
  name: string;
  labels: Record<string, string>;
}

/** A Service that selects pods. */
export interface ServiceFact {
  namespace: string;
  name: string;
  selector: Record<string, string>;
}

/** The object that controls another one. */
export interface ControllerFact {
  kind: string;
  name: string;
  uid: string;
  apiVersion?: string;
}

export interface ProxyResources {
  requests?: { cpu?: string; memory?: string };
  limits?: { cpu?: string; memory?: string };
}

export interface PodFact {
  uid: string;
  namespace: string;
  name: string;
  /** The controlling owner; absent for bare pods. */
  owner?: ControllerFact;
  /** A pod that no workload of a kind that is read stands behind is a workload itself. */
  alone?: WorkloadFact;
  /** Neither completed nor terminating. */
  live: boolean;
  phase: string;
  ready: boolean;
  node?: string;
  sidecar: SidecarForm;
  /** Of the proxy container. */
  image?: string;
  version?: string;
  /** Annotation `istio.io/rev`. */
  revision?: string;
  resources?: ProxyResources;
  createdAt: string;
  problem?: string;
  /** Mesh that the proxy was told it belongs to. */
  meshId?: string;
  /** Image that istiod runs; on pods labelled `app=istiod` only. */
  istiodImage?: string;
}

/** How the pod template itself deals with the proxy. */
export interface TemplateFact {
  labels: Record<string, string>;
  /** Of the groups `istio.io` only. */
  annotations: Record<string, string>;
  hostNetwork: boolean;
  /** Image of a proxy container that the template itself holds. */
  proxyImage?: string;
}

/** What only the Deployment of an istiod has. */
export interface IstiodFact {
  image: string;
  revision: string;
  install: InstallEvidence;
  /** Names the Helm release that holds it, whoever drives Helm. */
  release?: { namespace: string; name: string };
  /** The chart as the label `helm.sh/chart` names it. */
  chart?: string;
  /** Changes with every upgrade of the release. */
  releaseMark: string;
  desiredReplicas: number;
  readyReplicas: number;
  /** Failing conditions in Kubernetes' own words. */
  problems: string[];
}

/** What only the parts of Istio besides istiod have. */
export interface MeshPartFact {
  kind: Exclude<MeshComponentKind, 'istiod'>;
  /** Absent for a proxy whose image istiod fills in. */
  image?: string;
  desired: number;
  ready: number;
  gateway?: MeshComponentView['gateway'];
}

export interface WorkloadFact {
  uid: string;
  namespace: string;
  kind: WorkloadKind;
  name: string;
  /** Labels of the workload and of its template, merged. */
  labels: Record<string, string>;
  template: TemplateFact;
  paused: boolean;
  /** The workload's update strategy, e.g. `OnDelete`. */
  strategy?: string;
  /** A Job that ran to its end, well or not. */
  finished: boolean;
  replicas?: { desired: number; ready: number };
  controller?: ControllerFact;
  gitOps?: GitOpsOwner;
  /** `app` names a part of Istio itself: not a workload of the mesh. */
  component?: string;
  istiod?: IstiodFact;
  part?: MeshPartFact;
}

/** ConfigMap `istio-sidecar-injector[-<revision>]`: what a revision injects. */
export interface InjectorConfigFact {
  namespace: string;
  name: string;
  revision: string;
  meshId?: string;
  /** Image that is injected, as far as hub and tag tell. */
  image?: string;
}

/** A MutatingWebhookConfiguration that injects sidecars. */
export interface InjectorWebhooksFact {
  name: string;
  revision: string;
  /** The revision tag that the configuration stands for. */
  tag?: string;
  /** Namespace of the istiod that answers; absent when it is called by URL. */
  controlPlaneNamespace?: string;
  /** Where istiod is called when it is no Service of the cluster. */
  url?: string;
  webhooks: {
    name: string;
    namespaceSelector: LabelSelector;
    objectSelector: LabelSelector;
  }[];
}

/** An `Istio` of the Sail operator. */
export interface SailIstioFact {
  name: string;
  namespace: string;
  version?: string;
  /** Failing conditions in the operator's own words. */
  problems: string[];
}

/** An `IstioRevisionTag` of the Sail operator. */
export interface RevisionTagFact {
  name: string;
  /** What it names, e.g. `Istio default`. */
  target: string;
  /** The revision behind it; absent while the operator finds none. */
  revision?: string;
  controlPlaneNamespace?: string;
  /** Failing conditions in the operator's own words. */
  problems: string[];
}

/** What the istiod of another cluster of the mesh injects. */
export interface PrimaryFact {
  meshId: string;
  cluster: string;
  revision: string;
  /** Version; absent when unknown there. */
  injects?: string;
}

/** The module configuration by which Kyma installs Istio. */
export interface KymaIstioFact {
  namespace: string;
  name: string;
}

/** What had to be asked for about a control plane, because no watched object tells. */
export interface EnquiredFact {
  release?: HelmReleaseView;
  /** Why the release is not told. */
  releaseProblem?: string;
  /** What istiod itself answered when it ran this image: its version, or why it did not tell. */
  istiod?: { image: string; version?: string; problem?: string };
}
