import { toError } from '@backstage/errors';
import { info } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { ImageAnswer } from '../../versions/types';
import type { SidecarCheck, SidecarCheckContext } from '../types';
import { driverPermission, tryDriver } from './driverTrial';
import type { Node } from './fittingNodes';
import {
  distanceCondition,
  hotRestartCondition,
  kubernetesCondition,
  podConditions,
  preparedCondition,
  type HotCondition,
  type ProxyLabels,
} from './hotConditions';
import { NODES } from '../resources';
import { workloadName } from './workloadName';

const REMEDY = 'None needed: the restart upgrade does without it.';

/** Asks the registry about the proxy of a mesh; empty for a mesh that is not known. */
export type ProxyImages = (
  meshId: string,
  version: string,
  signal: AbortSignal,
) => Promise<ImageAnswer[]>;

/**
 * The conditions under which sidecars could be replaced without a restart,
 * each decided as far as it can be. They only inform, so they never stand in
 * the way of a restart. What asks a pod is left out once a condition fails:
 * the answer would change nothing.
 */
export function hotUpgradeConditions(options: {
  proxyImages: ProxyImages;
}): SidecarCheck {
  return {
    id: 'hot-upgrade-conditions',
    title: 'Conditions of a hot upgrade',
    worst: 'info',
    async run(context) {
      const conditions = await decide(context, options.proxyImages);
      const object = workloadName(context.workload);
      return [
        info({
          title: 'Restart upgrade will be used',
          object,
          observed: whyRestart(conditions),
          expected: 'Every condition of a hot upgrade met',
          remedy: REMEDY,
        }),
        ...conditions.map(({ title, expected, holds, observed }) =>
          info({
            title: `${title}: ${answer(holds)}`,
            object,
            observed,
            expected,
            remedy: REMEDY,
          }),
        ),
      ];
    },
  };
}

async function decide(
  context: SidecarCheckContext,
  proxyImages: ProxyImages,
): Promise<HotCondition[]> {
  const { workload } = context;
  const { desiredVersion: wanted } = workload;
  const running = workload.versions.map(({ version }) => version);
  const images = await readImages(context, proxyImages);
  const first = [
    preparedCondition(
      [...(wanted === undefined ? [] : [wanted]), ...running],
      images.labels,
    ),
    await told('Kubernetes version', async () =>
      kubernetesCondition([
        await context.kubernetesVersion(),
        ...(await kubeletVersions(context)),
      ]),
    ),
    await told('Ephemeral containers', () => servesEphemeral(context)),
  ];
  // Nothing more is asked for a workload that takes the restart anyway.
  if (first.some(({ holds }) => holds === false)) {
    return first;
  }
  const second = [
    hotRestartCondition(images.labels),
    distanceCondition(wanted, running),
    await told('Right to add containers', () => driverPermission(context)),
  ];
  if (
    images.wanted === undefined ||
    second.some(({ holds }) => holds === false)
  ) {
    return [...first, ...second];
  }
  const { condition, pod } = await tryDriver(context, images.wanted);
  return [...first, ...second, condition, ...(pod ? podConditions(pod) : [])];
}

/** The first condition that is not met names itself as the reason. */
function whyRestart(conditions: HotCondition[]): string {
  const reason =
    conditions.find(({ holds }) => holds === false) ??
    conditions.find(({ holds }) => holds === undefined);
  return reason
    ? `${reason.title}: ${answer(reason.holds)}`
    : 'Every condition is met, but hot upgrades cannot be carried out from here yet';
}

function answer(holds: boolean | undefined): string {
  if (holds === undefined) {
    return 'not known';
  }
  return holds ? 'met' : 'not met';
}

/** A condition that cannot be asked for is not known, and in whose words. */
async function told(
  title: string,
  ask: () => Promise<HotCondition>,
): Promise<HotCondition> {
  try {
    return await ask();
  } catch (error) {
    return {
      title,
      expected: 'An answer of the API server',
      holds: undefined,
      observed: toError(error).message,
    };
  }
}

async function servesEphemeral({
  workload,
  client,
  once,
}: SidecarCheckContext): Promise<HotCondition> {
  const holds = await once(
    `serves pods/ephemeralcontainers ${workload.cluster}`,
    signal =>
      client.serves(
        { group: '', version: 'v1', resource: 'pods/ephemeralcontainers' },
        { signal },
      ),
  );
  return {
    title: 'Ephemeral containers',
    expected: 'The API server serves pods/ephemeralcontainers',
    holds,
    observed: holds ? 'It serves them' : 'It does not serve them',
  };
}

/** Of the nodes under the pods. */
async function kubeletVersions({
  workload,
  list,
}: SidecarCheckContext): Promise<string[]> {
  const under = new Set(workload.podList.flatMap(({ node }) => node ?? []));
  if (under.size === 0) {
    return [];
  }
  const nodes = await list<Node>(NODES);
  return nodes
    .filter(({ metadata }) => under.has(metadata.name))
    .flatMap(({ status }) => status?.nodeInfo?.kubeletVersion ?? []);
}

/** Labels of both images, and the reference of the new one; absent where the registry does not tell. */
async function readImages(
  { workload, once }: SidecarCheckContext,
  proxyImages: ProxyImages,
): Promise<{ labels: ProxyLabels; wanted?: string }> {
  const { meshId, desiredVersion, versions } = workload;
  const read = async (version: string | undefined) => {
    if (meshId === undefined || version === undefined) {
      return undefined;
    }
    const answers = await once(`proxy image ${meshId} ${version}`, signal =>
      proxyImages(meshId, version, signal),
    ).catch((): ImageAnswer[] => []);
    return answers.find(({ state }) => state === 'present');
  };
  const [wanted, ...running] = await Promise.all([
    read(desiredVersion),
    ...versions.map(({ version }) => read(version)),
  ]);
  return {
    // Of several running versions each has to be prepared: the least says it for all.
    labels: {
      running: leastLabels(running.map(image => image?.labels)),
      wanted: wanted?.labels,
    },
    wanted: wanted?.image,
  };
}

/** What all of the images say alike. */
function leastLabels(
  labels: (Record<string, string> | undefined)[],
): Record<string, string> | undefined {
  const [first, ...others] = labels;
  return (
    first &&
    Object.fromEntries(
      Object.entries(first).filter(([key, value]) =>
        others.every(each => each?.[key] === value),
      ),
    )
  );
}
