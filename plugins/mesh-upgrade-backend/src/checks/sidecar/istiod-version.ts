import {
  blocker,
  passed,
  undecided,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { SidecarCheck } from '../types';
import { restartCheck } from './restartCheck';
import { istiodName, servingIstiod, versionOfIstiod } from './servingIstiod';

/** A control plane that injects another version than it runs is in the middle of a change. */
export function istiodVersion(): SidecarCheck {
  return restartCheck({
    id: 'istiod-version',
    title: 'Version of the injecting istiod',
    worst: 'blocker',
    async decide(context): Promise<Finding[]> {
      const { istiod } = await servingIstiod(context);
      const wanted = context.workload.desiredVersion;
      if (!istiod || wanted === undefined) {
        return [];
      }
      const version = versionOfIstiod(istiod);
      const says = {
        object: istiodName(istiod),
        observed: `istiod runs ${
          version ?? 'a version that its image does not tell'
        } and injects ${wanted}`,
        expected: `istiod runs ${wanted}`,
      };
      if (version === undefined) {
        return [
          undecided({
            ...says,
            title: 'The version of istiod cannot be read from its image',
            remedy:
              'Give istiod an image with a version for a tag to have this checked.',
            blocks: false,
          }),
        ];
      }
      return version === wanted
        ? [passed({ ...says, title: `istiod runs ${version}, as it injects` })]
        : [
            blocker({
              ...says,
              title: `istiod runs ${version}, but injects ${wanted}`,
              remedy:
                'Finish the upgrade of the control plane, or make global.tag of its values agree with its image; then Recheck.',
            }),
          ];
    },
  });
}
