import type {
  CheckedObject,
  RevisionView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  consent,
  info,
  passed,
  warning,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { KubernetesObject } from '../../clusters/types';
import {
  checkedObject,
  count,
  nameAll,
  nameOf,
} from '../configuration/objects';
import {
  DEPLOYMENTS,
  ISTIOD_SELECTOR,
  MUTATING_WEBHOOKS,
  NAMESPACES,
  SERVICES,
  type MutatingWebhookConfiguration,
  type TemplatedWorkload,
} from '../configuration/resources';
import { runningRevisions } from '../configuration/revisions';
import {
  callingConfigurations,
  selectedNamespaces,
} from '../configuration/webhookOverlaps';
import type { MeshCheck } from '../types';

const KIND = 'MutatingWebhookConfiguration';
const REVISION = 'istio.io/rev';
const TAG = 'istio.io/tag';
const INJECTION = 'istio-injection';
const LINK = {
  title: 'Canary upgrades: removing the old revision',
  url: 'https://istio.io/latest/docs/setup/upgrade/canary/#uninstall-old-control-plane',
};

interface World {
  cluster: string;
  configurations: MutatingWebhookConfiguration[];
  namespaces: KubernetesObject[];
  deployments: TemplatedWorkload[];
  /** Deployments of istiod. */
  istiods: KubernetesObject[];
  services: KubernetesObject[];
  /** Of this cluster, with who asks for them. */
  revisions: RevisionView[];
}

/** Whether every revision and tag has users, and every user a revision. */
export function orphanRevisions(): MeshCheck {
  return {
    id: 'orphan-revisions',
    title: 'Revisions and who uses them',
    worst: 'consent',
    scope: 'cluster',
    async run({ cluster, mesh, list }) {
      const [configurations, namespaces, deployments, istiods, services] =
        await Promise.all([
          list<MutatingWebhookConfiguration>(MUTATING_WEBHOOKS),
          list<KubernetesObject>(NAMESPACES),
          list<TemplatedWorkload>(DEPLOYMENTS),
          list<KubernetesObject>(DEPLOYMENTS, {
            labelSelector: ISTIOD_SELECTOR,
          }),
          list<KubernetesObject>(SERVICES),
        ]);
      return judgeRevisions({
        cluster: cluster.cluster,
        configurations,
        namespaces,
        deployments,
        istiods,
        services,
        revisions: mesh.revisions.filter(
          revision => revision.cluster === cluster.cluster,
        ),
      });
    },
  };
}

/** Judges the revisions of a cluster and their users. */
export function judgeRevisions(world: World): Finding[] {
  const { cluster, istiods } = world;
  const findings = [
    ...usersOfNothing(world),
    ...withoutControlPlane(world),
    ...withoutUsers(world),
  ];
  return findings.length > 0
    ? findings
    : [
        passed({
          title: `Every revision of ${cluster} has users, and every user a revision`,
          object: `cluster ${cluster}`,
          observed:
            runningRevisions(istiods)
              .map(({ revision }) => revision)
              .sort()
              .join(', ') || 'No istiod in this cluster',
          expected: 'No revision, tag or label left over',
        }),
      ];
}

interface Asking {
  object: CheckedObject;
  wanted: string | undefined;
  /** Labels of the namespace and of the pods. */
  namespace: Record<string, string>;
  pod: Record<string, string>;
}

/** Namespaces and workloads that ask for a revision or tag which no injector serves. */
function usersOfNothing(world: World): Finding[] {
  const { configurations, namespaces, deployments } = world;
  const labelsOf = new Map(
    namespaces.map(({ metadata }) => [metadata.name, metadata.labels ?? {}]),
  );
  const asking: Asking[] = [
    ...namespaces.map(namespace => ({
      object: checkedObject('Namespace', namespace),
      wanted: namespace.metadata.labels?.[REVISION],
      namespace: namespace.metadata.labels ?? {},
      pod: {},
    })),
    ...deployments.map(deployment => {
      const pod = deployment.spec?.template?.metadata?.labels ?? {};
      return {
        object: checkedObject('Deployment', deployment),
        wanted: pod[REVISION],
        namespace: labelsOf.get(deployment.metadata.namespace ?? '') ?? {},
        pod,
      };
    }),
  ];
  const lost = new Map<string, CheckedObject[]>();
  for (const { object, wanted, namespace, pod } of asking) {
    // The older label decides alone; an istiod carries its own revision.
    const isHeard =
      wanted !== undefined &&
      namespace[INJECTION] === undefined &&
      pod.app !== 'istiod';
    if (
      isHeard &&
      !isKnown(wanted, world) &&
      callingConfigurations(configurations, namespace, pod).length === 0
    ) {
      lost.set(wanted, [...(lost.get(wanted) ?? []), object]);
    }
  }
  return [...lost]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([wanted, objects]) =>
      consent({
        title: `${count(
          objects.length,
          'object',
        )} asked for revision ${wanted}, which does not exist`,
        object: nameAll(objects),
        observed: `${REVISION}=${wanted}; no injector serves it`,
        expected: 'A revision or tag of this cluster',
        remedy: `Label them with a revision that runs, or create tag ${wanted}: their new pods start without a sidecar.`,
        objects,
        link: LINK,
      }),
    );
}

function isKnown(
  wanted: string,
  { configurations, istiods, services }: World,
): boolean {
  return (
    runningRevisions(istiods).some(({ revision }) => revision === wanted) ||
    configurations.some(
      ({ metadata: { labels = {} } }) =>
        labels[TAG] === wanted ||
        (labels[TAG] === undefined && labels[REVISION] === wanted),
    ) ||
    // Since 1.28 a tag may be a Service alone, for meshes without sidecars.
    services.some(({ metadata }) => metadata.labels?.[TAG] === wanted)
  );
}

/** Tags and injectors that stand for a revision whose istiod is gone. */
function withoutControlPlane({
  configurations,
  namespaces,
  istiods,
}: World): Finding[] {
  const running = new Set(runningRevisions(istiods).map(each => each.revision));
  if (running.size === 0) {
    // A cluster of which another one, or something external, is the control plane.
    return [];
  }
  return configurations.flatMap(configuration => {
    const { labels = {} } = configuration.metadata;
    const revision = labels[REVISION];
    const isLocal = (configuration.webhooks ?? []).some(
      ({ clientConfig }) => clientConfig.service !== undefined,
    );
    if (revision === undefined || running.has(revision) || !isLocal) {
      return [];
    }
    const hit = selectedNamespaces(configuration, namespaces);
    const object = checkedObject(KIND, configuration);
    const what =
      labels[TAG] === undefined ? nameOf(object) : `Tag ${labels[TAG]}`;
    return [
      (hit.length > 0 ? consent : warning)({
        title: `${what} stands for revision ${revision}, which does not run`,
        object: nameOf(object),
        observed: `No istiod of revision ${revision}; ${
          hit.length > 0 ? `used by ${nameAll(hit)}` : 'nobody uses it'
        }`,
        expected: `A revision that runs: ${[...running].sort().join(', ')}`,
        remedy:
          labels[TAG] === undefined
            ? 'Move its namespaces to a revision that runs, then remove it.'
            : `Point the tag at a revision that runs: istioctl tag set ${labels[TAG]} --revision REVISION --overwrite.`,
        objects: [object, ...hit],
        link: LINK,
      }),
    ];
  });
}

function withoutUsers({ revisions }: World): Finding[] {
  if (revisions.length < 2) {
    // The only one is not in the way of another.
    return [];
  }
  return revisions
    .filter(
      ({ controlPlane, namespaces, workloads, isDefault }) =>
        controlPlane && !isDefault && namespaces === 0 && workloads === 0,
    )
    .map(({ revision, controlPlane, version }) => {
      const object = {
        kind: 'Deployment',
        namespace: controlPlane!.namespace,
        name: controlPlane!.name,
      };
      return info({
        title: `Nobody uses revision ${revision}`,
        object: nameOf(object),
        observed: `Revision ${revision}${
          version === undefined ? '' : ` with ${version}`
        }; no namespace and no workload asks for it`,
        expected: 'Users, or that it is new',
        remedy: `Remove it if it is left from an earlier upgrade.`,
        objects: [object],
        link: LINK,
      });
    });
}
