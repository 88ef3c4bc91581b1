import { toError } from '@backstage/errors';
import type {
  ControlPlaneView,
  InstallMethod,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  blocker,
  consent,
  info,
  passed,
  undecided,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import { KubernetesError } from '../../clusters/KubernetesError';
import type { KubernetesObject, ObjectRef } from '../../clusters/types';
import { formatPin, pinnedTags } from '../../helm/pinnedTags';
import { deployedReleases } from '../../helm/release';
import { releaseNamedBy } from '../../helm/releaseMarks';
import { DEPLOYMENTS } from '../../kubernetes/types';
import { nameAll } from '../configuration/objects';
import {
  fieldPaths,
  type FieldsOfManager,
  type ManagedObject,
} from '../../kubernetes/managedFields';
import { BY_OPERATOR, istiodName, istiodOf, operatedIstioOf } from '../istiod';
import { CONFIG_MAPS, MUTATING_WEBHOOKS } from '../configuration/resources';
import type { ClusterCheckContext, PerClusterCheck } from '../types';

/** An object that the installer renders anew at every upgrade. */
export interface RenderedObject {
  kind: string;
  object: ManagedObject;
}

/** Installers that render their objects again and take back what differs. */
const RENDERING: ReadonlySet<InstallMethod> = new Set<InstallMethod>([
  'helm',
  'sail',
  'openshift',
  'flux',
  'argocd',
  'istioctl',
]);

/**
 * Programs by which people change objects. `kubectl-rollout` only asks for a
 * restart; plain `kubectl` scales.
 */
const BY_HAND =
  /^(kubectl-(?!rollout)|kubectl$|k9s|lens|node-fetch|mozilla|headlamp|rancher|openshift-console|bridge)/i;

/** Values with a whole image reference: neither chart nor operator puts another tag in it. */
const PINNED_IMAGES = [
  'pilot.image',
  'global.proxy.image',
  'global.proxy_init.image',
];

/** Whether the upgrade would take away what people changed, or leave the old version where they pinned it. */
export function customConfiguration(): PerClusterCheck {
  return {
    id: 'custom-configuration',
    title: 'Own configuration is kept',
    worst: 'blocker',
    scope: 'cluster',
    applies: ({ cluster }) => renderedOf(cluster.controlPlanes).length > 0,
    async run(context) {
      const findings = await Promise.all(
        renderedOf(context.cluster.controlPlanes).map(async controlPlane => {
          const [objects, pinned] = await Promise.all([
            renderedObjects(controlPlane, context),
            valuesOf(controlPlane, context).then(
              values => judgeValues(controlPlane, values),
              error => [valuesUnread(controlPlane, toError(error))],
            ),
          ]);
          return [...judgeManualChanges(controlPlane, objects), ...pinned];
        }),
      );
      return findings.flat();
    },
  };
}

function renderedOf(controlPlanes: ControlPlaneView[]): ControlPlaneView[] {
  return controlPlanes.filter(({ install }) => RENDERING.has(install.method));
}

/** What the charts render for istiod and people like to change in place. */
async function renderedObjects(
  { namespace, name, revision }: ControlPlaneView,
  { client, signal }: ClusterCheckContext,
): Promise<RenderedObject[]> {
  const suffix = revision === 'default' ? '' : `-${revision}`;
  const inNamespace: [string, ObjectRef][] = [
    ['Deployment', { ...DEPLOYMENTS, namespace, name }],
    ['ConfigMap', { ...CONFIG_MAPS, namespace, name: `istio${suffix}` }],
    [
      'ConfigMap',
      { ...CONFIG_MAPS, namespace, name: `istio-sidecar-injector${suffix}` },
    ],
    [
      'MutatingWebhookConfiguration',
      {
        ...MUTATING_WEBHOOKS,
        name: `istio-sidecar-injector${suffix}${
          namespace === 'istio-system' ? '' : `-${namespace}`
        }`,
      },
    ],
  ];
  const objects = await Promise.all(
    inNamespace.map(async ([kind, ref]) => ({
      kind,
      object: await getOrNothing<ManagedObject>(ref, client, signal),
    })),
  );
  return objects.flatMap(({ kind, object }) =>
    object ? { kind, object } : [],
  );
}

async function getOrNothing<T extends KubernetesObject>(
  ref: ObjectRef,
  client: ClusterCheckContext['client'],
  signal: AbortSignal,
): Promise<T | undefined> {
  try {
    return await client.get<T>(ref, { signal });
  } catch (error) {
    if (error instanceof KubernetesError && error.status === 404) {
      return undefined;
    }
    throw error;
  }
}

/** The values that the user gave to the chart, by way of the operator or of helm. */
async function valuesOf(
  controlPlane: ControlPlaneView,
  context: ClusterCheckContext,
): Promise<{ source: string; values: unknown; moves: boolean } | undefined> {
  const istio = await operatedIstioOf(controlPlane, context);
  if (istio) {
    return {
      source: `Istio ${istio.metadata.name}, spec.values`,
      values: istio.spec.values,
      moves: false,
    };
  }
  if (BY_OPERATOR.has(controlPlane.install.method)) {
    // A former revision: its release holds what the operator computed, and no upgrade changes it.
    return undefined;
  }
  // Asked of istiod now: the inventory knows no release while helm changes it.
  const { metadata } = await istiodOf(controlPlane, context);
  const release = releaseNamedBy(metadata);
  if (!release) {
    return undefined;
  }
  const { namespace, name } = release;
  const byHelm = controlPlane.install.method === 'helm';
  const [deployed] = await deployedReleases(context.client, {
    namespace,
    name,
    signal: context.signal,
  });
  if (!deployed && byHelm) {
    throw new Error(
      `Namespace ${namespace} holds no deployed release ${name}; look at helm list --all -n ${namespace}`,
    );
  }
  // Flux may keep its releases in another namespace; its driver reads the values it is given.
  return (
    deployed && {
      source: `values of Helm release ${namespace}/${name}`,
      values: deployed.values,
      // The plan of an upgrade by helm moves them; nobody else's does.
      moves: byHelm,
    }
  );
}

/** Values may hold secrets and need a right of their own; what was changed by hand is told without. */
function valuesUnread(controlPlane: ControlPlaneView, error: Error): Finding {
  return undecided({
    title: `Whether values fix an image of ${istiodName(
      controlPlane,
    )} is not known`,
    object: `values of ${istiodName(controlPlane)}`,
    observed: error.message,
    expected: 'No value that fixes an image',
    remedy: 'Allow this backend to read them, then Recheck.',
  });
}

/** Judges the writers that the API server remembers of each object. */
export function judgeManualChanges(
  controlPlane: ControlPlaneView,
  objects: RenderedObject[],
): Finding[] {
  const object = `what is installed with ${istiodName(controlPlane)}`;
  const expected = 'Only the installer has written what it renders';
  const changed = objects.flatMap(({ kind, object: { metadata } }) => {
    const fields = fieldsByHand(metadata.managedFields ?? []);
    const { namespace, name } = metadata;
    return fields.length > 0 ? [{ kind, namespace, name, fields }] : [];
  });
  if (changed.length === 0) {
    return [
      passed({
        title: `Nobody has changed by hand what is installed with ${istiodName(
          controlPlane,
        )}`,
        object,
        observed: 'No such writer is recorded',
        expected,
      }),
    ];
  }
  return [
    consent({
      title: `Changes by hand of ${nameAll(
        changed,
      )} may be overwritten: the installer renders them anew`,
      object,
      observed: changed
        .map(
          ({ kind, name, fields }) => `${kind} ${name}: ${fields.join(', ')}`,
        )
        .join('; '),
      expected,
      objects: changed.map(({ kind, namespace, name }) => ({
        kind,
        namespace,
        name,
      })),
      remedy:
        'Move the changes into the values of the installer (Helm values, spec.values of Istio), so that they outlive the upgrade; then Recheck.',
    }),
  ];
}

/** e.g. `kubectl-edit wrote data.mesh`, sorted. */
function fieldsByHand(managers: FieldsOfManager[]): string[] {
  return managers
    .filter(
      ({ manager = '', subresource }) =>
        BY_HAND.test(manager) && subresource === undefined,
    )
    .flatMap(fields => {
      const paths = fieldPaths(fields);
      return paths.length > 0
        ? [`${fields.manager} wrote ${paths.join(', ')}`]
        : [];
    })
    .sort();
}

/** Judges what the values pin. */
export function judgeValues(
  controlPlane: ControlPlaneView,
  given: { source: string; values: unknown; moves: boolean } | undefined,
): Finding[] {
  if (!given) {
    return [];
  }
  const { source, values, moves } = given;
  const says = {
    object: source,
    expected: 'No value that fixes an image',
  };
  const images = PINNED_IMAGES.flatMap(path => {
    const value = valueAt(values, path);
    // A bare name such as `pilot` leaves hub and tag to the chart.
    return typeof value === 'string' && value.includes('/')
      ? [`${path}=${value}`]
      : [];
  });
  const tags = pinnedTags(values).map(formatPin);
  return [
    ...(images.length > 0
      ? [
          blocker({
            ...says,
            title: `The values fix whole images, so that ${istiodName(
              controlPlane,
            )} or its proxies would keep their version`,
            observed: images.join(', '),
            remedy:
              'Give the hub by global.hub and take these values out, then Recheck.',
          }),
        ]
      : []),
    ...(tags.length > 0 && !moves
      ? [
          blocker({
            ...says,
            title: `The values fix the tag, so that another version would not change ${istiodName(
              controlPlane,
            )}`,
            observed: tags.join(', '),
            remedy: 'Take the value out, then Recheck.',
          }),
        ]
      : []),
    ...(tags.length > 0 && moves
      ? [
          info({
            ...says,
            title: 'The tag that the values fix is moved with the upgrade',
            observed: tags.join(', '),
          }),
        ]
      : []),
  ];
}

function valueAt(values: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (node, key) => (node as Record<string, unknown> | undefined)?.[key],
      values,
    );
}
