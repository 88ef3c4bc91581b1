import assert from 'node:assert/strict';
import type { World } from '../../../World';
import {
  clusterOf,
  istiodImage,
  precheck,
  proxyOfNewPod,
  renderedSettings,
} from '../clusterState';
import type { State } from '../State';

/** All clusters are at a version, as their own objects and Istio's tools say, with every setting they had. */
export async function assertUpgraded(
  world: World,
  state: State,
  version: string,
): Promise<void> {
  for (const [name, before] of state.before) {
    const cluster = clusterOf(world, name);
    const image = await istiodImage(cluster);
    assert(image.endsWith(`/pilot:${version}`), `istiod of ${name}: ${image}`);
    assert.deepEqual(await renderedSettings(cluster), before.rendered);
    const added = (await precheck(world, name)).filter(
      code => !before.precheck.includes(code),
    );
    assert.deepEqual(added, [], `istioctl x precheck on ${name}: ${added}`);
    const proxy = await proxyOfNewPod(cluster, `new-at-${version}`);
    assert(
      proxy?.endsWith(`/proxyv2:${version}`),
      `a new pod on ${name} gets ${proxy}`,
    );
  }
}
