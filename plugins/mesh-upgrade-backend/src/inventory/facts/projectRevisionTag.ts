import type { KubernetesObject } from '../../clusters/types';
import type { RevisionTagFact } from './types';

export type RawRevisionTag = KubernetesObject & {
  spec?: { targetRef?: { kind?: string; name?: string } };
  status?: {
    istioRevision?: string;
    istiodNamespace?: string;
    conditions?: {
      type: string;
      status: string;
      reason?: string;
      message?: string;
    }[];
  };
};

/** Keeps where a tag of the Sail operator points, and what the operator says against it. */
export function projectRevisionTag({
  metadata,
  spec,
  status,
}: RawRevisionTag): RevisionTagFact {
  const { kind, name } = spec?.targetRef ?? {};
  return {
    name: metadata.name,
    target: [kind, name].filter(Boolean).join(' '),
    revision: status?.istioRevision || undefined,
    controlPlaneNamespace: status?.istiodNamespace || undefined,
    problems: (status?.conditions ?? [])
      .filter(
        ({ type, status: value }) => type === 'Reconciled' && value === 'False',
      )
      .map(({ type, reason, message }) =>
        [reason ?? type, message].filter(Boolean).join(': '),
      ),
  };
}
