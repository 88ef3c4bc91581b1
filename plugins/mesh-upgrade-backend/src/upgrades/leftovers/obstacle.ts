import { keeperInGit, nameOfOwner } from '../../gitops/gitOpsOwner';
import { releaseNamedBy } from '../../helm/releaseMarks';
import { detectInstallMethod } from '../../inventory/rules/installMethod';
import { revisionOf } from './revisions';
import type { Candidate, ClusterWorld } from './types';

/** Chart of every release that helm still knows, by `namespace/name`; a namespace that may not be read holds undefined. */
export type KnownReleases = Map<string, Map<string, string> | undefined>;

/** What tells which release an object is of, and what else that release is. */
export interface HelmKnowledge {
  releases: KnownReleases;
  istiods: ClusterWorld['istiods'];
}

/** Installers that would make the object again, or own more than it. */
const OPERATOR_OWNERS = ['IstioRevision', 'IstioRevisionTag', 'Istio'];

/** Why an object is not removed from here; undefined when it can be. */
export function obstacleOf(
  candidate: Candidate,
  known: HelmKnowledge,
): string | undefined {
  if (candidate.usedBy.length > 0) {
    return `It is in use: ${candidate.usedBy.join('; ')}`;
  }
  return (
    ofProvider(candidate) ??
    ofOperator(candidate) ??
    ofGit(candidate) ??
    ofHelm(candidate, known)
  );
}

function ofProvider({ object }: Candidate): string | undefined {
  const place = controlPlaneNamespace(object);
  const { method } = detectInstallMethod(
    { ...object.metadata, namespace: place },
    '',
  );
  switch (method) {
    case 'aks':
      return `The Istio add-on of AKS keeps it: end the canary upgrade with 'az aks mesh upgrade complete'`;
    case 'kyma':
      return 'Kyma keeps it with its Istio module';
    default:
      return undefined;
  }
}

function ofOperator({ kind, object }: Candidate): string | undefined {
  if (kind === 'IstioRevision' || kind === 'IstioRevisionTag') {
    return undefined;
  }
  const owner = object.metadata.ownerReferences?.find(each =>
    OPERATOR_OWNERS.includes(each.kind),
  );
  if (owner) {
    return `The Sail operator keeps it for ${owner.kind} ${owner.name}: remove that`;
  }
  return object.metadata.labels?.['managed-by'] === 'sail-operator'
    ? 'The Sail operator keeps it (label managed-by=sail-operator): remove the object of the operator that it was made for'
    : undefined;
}

function ofGit({ object }: Candidate): string | undefined {
  const keeper = keeperInGit(object.metadata);
  return (
    keeper &&
    `${nameOfOwner(
      keeper,
    )} would put it back: remove it in Git, where it is kept`
  );
}

function ofHelm(
  { kind, object, role, revision }: Candidate,
  { releases, istiods }: HelmKnowledge,
): string | undefined {
  const named = releaseNamedBy(object.metadata);
  if (!named) {
    return undefined;
  }
  const { name, namespace } = named;
  const known = releases.get(namespace);
  const chart = known?.get(name);
  if (known && chart === undefined) {
    // The release is gone; nothing puts the object back.
    return undefined;
  }
  const release = `Helm release ${namespace}/${name}`;
  const doubt = known
    ? ''
    : `, unless helm does not know the release any more, which cannot be read here`;
  const running = istiods.find(each => {
    const its = releaseNamedBy(each.metadata);
    return its?.name === name && its.namespace === namespace;
  });
  if (running && revisionOf(running) !== revision && role !== 'revisionTag') {
    // To uninstall it would take the istiod that is needed.
    return `It carries the mark of ${release}, which runs ${
      running.metadata.name
    }: see by helm get manifest ${name} -n ${namespace} whether it is still of it; when it is not, kubectl delete ${kind.toLowerCase()} ${
      object.metadata.name
    }${
      object.metadata.namespace === undefined
        ? ''
        : ` -n ${object.metadata.namespace}`
    }`;
  }
  return chart === 'base' || role === 'revisionTag'
    ? `It belongs to ${release}, which would put it back${doubt}: change ${
        chart === 'base' ? 'defaultRevision' : 'revisionTags'
      } of the release and run helm upgrade`
    : `It belongs to ${release}${doubt}: helm uninstall ${name} -n ${namespace}`;
}

/** Where the control plane is that an object belongs to, also for those outside of namespaces. */
export function controlPlaneNamespace({
  metadata,
  ...object
}: Candidate['object']): string | undefined {
  const { webhooks = [] } = object as {
    webhooks?: { clientConfig?: { service?: { namespace?: string } } }[];
  };
  return (
    metadata.namespace ??
    webhooks.map(each => each.clientConfig?.service?.namespace).find(Boolean)
  );
}
