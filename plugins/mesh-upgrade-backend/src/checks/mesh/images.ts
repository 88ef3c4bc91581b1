import {
  blocker,
  consent,
  info,
  passed,
  undecided,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import { toError } from '@backstage/errors';
import type { InventoriedMesh } from '../../inventory/types';
import type {
  ImageAnswer,
  ImageComponent,
  VersionCatalog,
} from '../../versions/types';
import { NODES } from '../resources';
import { PREPARED_LABEL } from '../sidecar/hotConditions';
import type { WholeMeshCheck, MeshCheckContext } from '../types';

/** Whether the images that the upgrade brings are in their registry, for the nodes there are. */
export function images(options: {
  versions: Pick<VersionCatalog, 'images'>;
}): WholeMeshCheck {
  return {
    id: 'images',
    title: 'Images of the target',
    worst: 'blocker',
    scope: 'mesh',
    async run(context) {
      const answers = await options.versions.images(
        context.mesh,
        context.targetVersion,
        { components: componentsOf(context.mesh), signal: context.signal },
      );
      const forNodes = await Promise.all(
        context.clusters.map(({ cluster }) =>
          nodesWithout(answers, cluster, context),
        ),
      );
      return [
        ...answers.map(judgeImage),
        ...answers.flatMap(preparedForHotUpgrades),
        ...forNodes.flat(),
        info({
          title:
            'Whether the nodes can pull these images is not proven: only a pod on them would show',
          object: `mesh ${context.mesh.id}`,
          observed: 'The registry was asked by this backend',
          expected:
            'Nodes that reach the registry or a mirror, with the secrets they need',
          remedy:
            'Where nodes pull from a mirror or are cut off, see that the images are there before you start.',
        }),
      ];
    },
  };
}

/** What the mesh is made of and the target therefore needs. */
export function componentsOf(
  mesh: Pick<InventoriedMesh, 'components'>,
): ImageComponent[] {
  const uses = (kind: string) =>
    mesh.components.some(each => each.kind === kind);
  return [
    'pilot',
    'proxyv2',
    ...(uses('cni') ? ['install-cni' as const] : []),
    ...(uses('ztunnel') ? ['ztunnel' as const] : []),
  ];
}

/** Judges one answer of the registry. */
export function judgeImage({
  image,
  state,
  platforms,
  reason,
  source,
}: ImageAnswer): Finding {
  const says = { object: `image ${image}`, expected: 'It is in the registry' };
  switch (state) {
    case 'present':
      return passed({
        ...says,
        title: `${image} is in the registry`,
        observed: `${source} holds it for ${
          platforms.join(', ') || 'a platform it does not name'
        }`,
      });
    case 'absent':
      return blocker({
        ...says,
        title: `${image} is not in the registry: new pods could not start`,
        observed: reason ?? `${source} does not hold it`,
        remedy:
          'Push or mirror the image, or choose a version that is there; then Recheck.',
      });
    default:
      return consent({
        ...says,
        title: `Whether ${image} exists is not known`,
        observed: reason ?? `${source} did not say`,
        remedy:
          'Make the registry answer this backend (meshUpgrade.versions), then Recheck; or see for yourself that the nodes can pull it.',
      });
  }
}

/** Only images that are built for it can take over a running proxy. */
function preparedForHotUpgrades({ image, labels }: ImageAnswer): Finding[] {
  const prepared = labels[PREPARED_LABEL];
  return prepared === undefined
    ? []
    : [
        info({
          title: `${image} is built for hot upgrades`,
          object: `image ${image}`,
          observed: `label ${PREPARED_LABEL}=${prepared}`,
          expected: 'The label only tells; restarts work with every image',
        }),
      ];
}

/**
 * Asks for the nodes that no platform of the images fits instead of listing
 * all: there are none as a rule, and thousands in all.
 */
async function nodesWithout(
  answers: ImageAnswer[],
  cluster: string,
  { at }: Pick<MeshCheckContext, 'at'>,
): Promise<Finding[]> {
  const architectures = commonArchitectures(answers);
  if (architectures.length === 0) {
    return [];
  }
  const says = {
    object: `nodes of cluster ${cluster}`,
    expected: `Nodes for which every image is made: ${architectures.join(
      ', ',
    )}`,
    cluster,
  };
  try {
    const nodes = await at(cluster).list(NODES, {
      labelSelector: `kubernetes.io/os=linux,kubernetes.io/arch notin (${architectures.join(
        ',',
      )})`,
    });
    return nodes.length === 0
      ? [
          passed({
            ...says,
            title: `The images fit every node of ${cluster}`,
            observed: 'No node of another architecture',
          }),
        ]
      : [
          consent({
            ...says,
            title: `The images are not made for ${nodes.length} nodes of ${cluster}: pods that are scheduled there could not start`,
            observed: `Nodes of ${[
              ...new Set(
                nodes.map(
                  ({ metadata }) =>
                    metadata.labels?.['kubernetes.io/arch'] ??
                    'an unknown architecture',
                ),
              ),
            ]
              .sort()
              .join(', ')}`,
            objects: nodes.map(({ metadata: { name } }) => ({
              kind: 'Node',
              name,
            })),
            remedy:
              'Mirror images for these nodes too, or keep istiod and injected pods off them; then Recheck.',
          }),
        ];
  } catch (error) {
    return [
      undecided({
        ...says,
        title: `Whether the images fit the nodes of ${cluster} is not known`,
        observed: toError(error).message,
        remedy:
          'Allow this backend to list nodes, then Recheck; or see for yourself.',
        blocks: false,
      }),
    ];
  }
}

/** Architectures for which every image that is there is made; none when nothing tells. */
export function commonArchitectures(answers: ImageAnswer[]): string[] {
  const sets = answers
    .filter(({ platforms }) => platforms.length > 0)
    .map(
      ({ platforms }) =>
        new Set(
          platforms
            .filter(platform => platform.startsWith('linux/'))
            .map(platform => platform.split('/')[1]),
        ),
    );
  const [first, ...rest] = sets;
  return first === undefined
    ? []
    : [...first].filter(each => rest.every(set => set.has(each))).sort();
}
