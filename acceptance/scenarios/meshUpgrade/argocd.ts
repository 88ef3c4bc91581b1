import type { Scenario } from '../../Scenario';
import type { World } from '../../World';
import { argoSteps, type ArgoState } from './steps/argocd';

/** A control plane that the real Argo CD installs: changed where Argo CD reads it, or in Git. */
export const argocd: Scenario<ArgoState, World> = {
  name: 'mesh-upgrade-argocd',
  title: 'Upgrade a control plane of Argo CD, by its Applications and by Git',
  fleet: 'argocd',
  only: 'testbed',
  start: () => ({ before: new Map() }),
  steps: argoSteps,
};
