import type {
  LeftoverRole,
  LeftoverView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type {
  MutatingWebhookConfiguration,
  TemplatedWorkload,
  ValidatingWebhookConfiguration,
} from '../../checks/configuration/resources';
import type { KubernetesObject } from '../../clusters/types';
import type { Selector } from '../../kubernetes/types';
import type { LeftoverKind } from './kinds';

export interface Service extends KubernetesObject {
  spec?: { selector?: Record<string, string> };
}

export interface Autoscaler extends KubernetesObject {
  spec?: { scaleTargetRef?: { kind: string; name: string } };
}

export interface DisruptionBudget extends KubernetesObject {
  spec?: { selector?: Selector };
}

/** An object of the Sail operator; `state` is `Healthy` or why it is not. */
export interface SailObject extends KubernetesObject {
  spec?: { targetRef?: { kind: string; name: string } };
  status?: {
    state?: string;
    activeRevisionName?: string;
    conditions?: { type: string; status: string; message?: string }[];
  };
}

/** Something with a pod template. */
export interface Templated {
  kind: string;
  namespace: string;
  name: string;
  labels: Record<string, string>;
}

/** A live pod with a proxy of Istio. */
export interface ProxyPod {
  namespace: string;
  name: string;
  /** The revision that injected it; absent when the pod does not tell. */
  revision?: string;
}

/** What of a cluster tells which objects an earlier revision has left. */
export interface ClusterWorld {
  cluster: string;
  mutating: MutatingWebhookConfiguration[];
  validating: ValidatingWebhookConfiguration[];
  services: Service[];
  /** Those that Istio labelled with a revision. */
  configMaps: KubernetesObject[];
  /** Deployments of istiod. */
  istiods: TemplatedWorkload[];
  /** DaemonSets of ztunnel and of Istio's CNI. */
  nodeAgents: TemplatedWorkload[];
  autoscalers: Autoscaler[];
  budgets: DisruptionBudget[];
  istios: SailObject[];
  istioRevisions: SailObject[];
  istioRevisionTags: SailObject[];
  namespaces: KubernetesObject[];
  workloads: Templated[];
  proxies: ProxyPod[];
}

/** An object found, before anybody asked who keeps it. */
export interface Candidate {
  kind: LeftoverKind;
  object: KubernetesObject;
  role: LeftoverRole;
  revision?: string;
  reason: string;
  usedBy: string[];
}

/** A leftover and the object itself. */
export interface Leftover {
  view: LeftoverView;
  kind: LeftoverKind;
  object: KubernetesObject;
}
