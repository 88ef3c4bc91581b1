import type { Step } from '../../types';

/** The istiod that a look is about. */
export interface ControlPlaneHealthParameters extends Record<string, unknown> {
  namespace: string;
  deployment: string;
  revision: string;
  version: string;
}

/** The parameters as the plan wrote them. */
export function controlPlaneOf(step: Step): ControlPlaneHealthParameters {
  return step.parameters as ControlPlaneHealthParameters;
}
