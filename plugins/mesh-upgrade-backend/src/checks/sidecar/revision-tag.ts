import {
  compareIstioVersions,
  parseIstioVersion,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import {
  blocker,
  passed,
  warning,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { SidecarCheck } from '../types';
import { restartCheck } from './restartCheck';
import {
  revisionOf,
  servingIstiod,
  versionOfIstiod,
  type IstiodDeployment,
} from './servingIstiod';

/** A tag decides which control plane a restart leads to: one left behind brings the old version again. */
export function revisionTag(): SidecarCheck {
  return restartCheck({
    id: 'revision-tag',
    title: 'Revision tag',
    worst: 'blocker',
    async decide(context): Promise<Finding[]> {
      const { configuration, istiod, all } = await servingIstiod(context);
      if (configuration?.tag === undefined) {
        return [];
      }
      const { tag, revision, url, name } = configuration;
      const newer = istiod && newerSibling(istiod, all);
      const says = {
        object: `MutatingWebhookConfiguration ${name}`,
        observed: `Tag ${tag} is revision ${revision}`,
        expected: 'A tag that points to the newest istiod of its namespace',
      };
      // Without any istiod in the cluster it is a remote one, and the trial pod tells.
      if (!istiod && url === undefined && all.length > 0) {
        return [
          blocker({
            ...says,
            title: `Tag ${tag} points to revision ${revision}, of which no istiod runs`,
            remedy: `Point the tag to a revision that runs (istioctl tag set ${tag} --revision <name> --overwrite), then Recheck.`,
          }),
        ];
      }
      return newer
        ? [
            warning({
              ...says,
              title: `Tag ${tag} still points to the older revision ${revision}`,
              observed: `${says.observed}, ${versionOfIstiod(
                istiod,
              )}; revision ${revisionOf(newer.metadata)} runs ${versionOfIstiod(
                newer,
              )}`,
              remedy: `Move the tag to revision ${revisionOf(
                newer.metadata,
              )} first if the workload is to get its version.`,
            }),
          ]
        : [
            passed({
              ...says,
              title: `Tag ${tag} leads to revision ${revision}`,
            }),
          ];
    },
  });
}

function newerSibling(
  istiod: IstiodDeployment,
  all: IstiodDeployment[],
): IstiodDeployment | undefined {
  const own = parseIstioVersion(versionOfIstiod(istiod) ?? '');
  return all.find(each => {
    const other = parseIstioVersion(versionOfIstiod(each) ?? '');
    return (
      own !== undefined &&
      other !== undefined &&
      each.metadata.namespace === istiod.metadata.namespace &&
      own.family === other.family &&
      compareIstioVersions(other, own) > 0
    );
  });
}
