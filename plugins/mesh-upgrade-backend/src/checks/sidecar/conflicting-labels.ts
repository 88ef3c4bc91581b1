import {
  passed,
  warning,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import { analysisLink } from '../configuration/analysisLink';
import type { SidecarCheck } from '../types';
import { injectionNow } from './injectionNow';
import { restartCheck } from './restartCheck';

const OLD = 'istio-injection';
const REVISION = 'istio.io/rev';

/** Of two labels of a namespace the older one wins silently. */
export function conflictingLabels(): SidecarCheck {
  return restartCheck({
    id: 'conflicting-labels',
    title: 'One injection label',
    worst: 'warning',
    async decide(context) {
      const { name, labels } = (await injectionNow(context)).namespace;
      const set = [OLD, REVISION].filter(key => labels[key] !== undefined);
      const says = {
        object: `Namespace ${name}`,
        observed:
          set.map(key => `${key}=${labels[key]}`).join(', ') ||
          'No injection label',
        expected: `At most one of ${OLD} and ${REVISION}`,
      };
      return set.length > 1
        ? [
            warning({
              ...says,
              title: `${OLD} decides, ${REVISION} is ignored`,
              objects: [{ kind: 'Namespace', name }],
              link: analysisLink('IST0123'),
              remedy: `Remove ${OLD} if revision ${labels[REVISION]} is to inject, else ${REVISION}.`,
            }),
          ]
        : [passed({ ...says, title: 'No labels contradict each other' })];
    },
  });
}
