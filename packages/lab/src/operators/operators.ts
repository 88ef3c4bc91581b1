import { applicationController } from './argocd/applicationController';
import { helmController } from './flux/helmController';
import { kustomizeController } from './flux/kustomizeController';
import { ociSourceController } from './flux/sourceController';
import type { Operator } from './Operator';
import { istioController } from './sail/istioController';
import { istioRevisionController } from './sail/istioRevisionController';
import { istioRevisionTagController } from './sail/istioRevisionTagController';
import {
  istioCniController,
  ztunnelController,
} from './sail/nodeAgentControllers';

/** Everything that installs a control plane of a cluster from objects in it. */
export const OPERATORS = [
  istioController,
  istioRevisionController,
  istioRevisionTagController,
  istioCniController,
  ztunnelController,
  ociSourceController,
  helmController,
  kustomizeController,
  applicationController,
] as unknown as readonly Operator[];
