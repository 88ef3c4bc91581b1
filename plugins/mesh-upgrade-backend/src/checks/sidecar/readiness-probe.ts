import {
  passed,
  warning,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { SidecarCheck } from '../types';
import { templateOf } from './freshWorkload';
import { PROXY_CONTAINER } from './proxyContainer';
import { restartCheck } from './restartCheck';
import { workloadName } from './workloadName';

/** Without a probe of its own a pod counts as ready as soon as its proxy is. */
export function readinessProbe(): SidecarCheck {
  return restartCheck({
    id: 'readiness-probe',
    title: 'Readiness probes',
    worst: 'warning',
    decide({ workload, object }) {
      const { containers = [] } = templateOf(object).spec ?? {};
      const without = containers
        .filter(
          ({ name, readinessProbe: probe }) =>
            name !== PROXY_CONTAINER && probe === undefined,
        )
        .map(({ name }) => name);
      const waits = object.spec?.minReadySeconds ?? 0;
      const says = {
        object: workloadName(workload),
        observed: without.length
          ? `No readiness probe: ${without.join(
              ', ',
            )}; minReadySeconds ${waits}`
          : 'Every container has a readiness probe',
        expected: 'A readiness probe per container, or minReadySeconds',
      };
      return without.length > 0 && waits === 0
        ? [
            warning({
              ...says,
              title:
                'The rollout goes on before the application is known to be ready',
              remedy:
                'Give the containers a readiness probe, or set minReadySeconds.',
            }),
          ]
        : [passed({ ...says, title: 'New pods prove that they are ready' })];
    },
  });
}
