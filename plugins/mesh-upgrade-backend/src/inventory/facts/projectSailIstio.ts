import type { KubernetesObject } from '../../clusters/types';
import type { SailIstioFact } from './types';

export type RawSailIstio = KubernetesObject & {
  spec?: { version?: string; namespace?: string };
  status?: {
    conditions?: {
      type: string;
      status: string;
      reason?: string;
      message?: string;
    }[];
  };
};

/** Conditions whose failure means that the operator cannot do what it was told. */
const FAILING = new Set(['Reconciled', 'DependenciesHealthy']);

/** Keeps what the operator says against an `Istio`; readiness is read from the Deployment itself. */
export function projectSailIstio({
  metadata,
  spec,
  status,
}: RawSailIstio): SailIstioFact {
  return {
    name: metadata.name,
    namespace: spec?.namespace ?? 'istio-system',
    version: spec?.version,
    problems: (status?.conditions ?? [])
      .filter(
        ({ type, status: value }) => FAILING.has(type) && value === 'False',
      )
      .map(({ type, reason, message }) =>
        [reason ?? type, message].filter(Boolean).join(': '),
      ),
  };
}
