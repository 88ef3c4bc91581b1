import {
  blocker,
  passed,
  undecided,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { ImageAnswer } from '../../versions/types';
import type { SidecarCheck } from '../types';
import type { Node } from './fittingNodes';
import type { ProxyImages } from './hot-upgrade-conditions';
import { ifForbidden } from '../ifForbidden';
import { NODES } from '../resources';
import { restartCheck } from './restartCheck';

/** Whether the registry holds the proxy that a new pod gets, for every kind of node. */
export function proxyImage(options: {
  proxyImages: ProxyImages;
}): SidecarCheck {
  return restartCheck({
    id: 'proxy-image',
    title: 'Proxy image in the registry',
    worst: 'blocker',
    async decide({ workload, list, once }) {
      const { meshId, desiredVersion: version } = workload;
      if (meshId === undefined || version === undefined) {
        return [];
      }
      const [answers, nodes] = await Promise.all([
        once(`proxy image ${meshId} ${version}`, signal =>
          options.proxyImages(meshId, version, signal),
        ),
        list<Node>(NODES).catch(ifForbidden),
      ]);
      const platforms = [
        ...new Set(
          (nodes ?? []).flatMap(({ status }) =>
            status?.nodeInfo
              ? `${status.nodeInfo.operatingSystem}/${status.nodeInfo.architecture}`
              : [],
          ),
        ),
      ].sort();
      return answers.map(answer => judge(answer, platforms));
    },
  });
}

function judge(answer: ImageAnswer, platforms: string[]): Finding {
  const missing = platforms.filter(
    platform => !answer.platforms.includes(platform),
  );
  const says = {
    object: `image ${answer.image}`,
    observed:
      answer.state === 'present'
        ? `${answer.source} has it for ${answer.platforms.join(', ')}`
        : `${answer.source}: ${answer.reason ?? answer.state}`,
    expected: `The image for ${platforms.join(', ') || 'the nodes'}`,
  };
  const remedy =
    'Push or mirror the image, then Recheck. What the nodes themselves reach is not proven by it.';
  if (answer.state === 'absent') {
    return blocker({
      ...says,
      title: 'The registry does not hold the proxy image',
      remedy,
    });
  }
  if (answer.state === 'unknown') {
    return undecided({
      ...says,
      title: 'The registry does not say whether it holds the proxy image',
      remedy:
        'Make the registry answer this backend, then Recheck; the nodes may reach it all the same.',
      blocks: false,
    });
  }
  return missing.length > 0
    ? blocker({
        ...says,
        title: `There is no proxy image for nodes of ${missing.join(', ')}`,
        remedy,
      })
    : passed({
        ...says,
        title: 'The registry holds the proxy image for the nodes',
      });
}
