import {
  passed,
  warning,
  type Finding,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-node';
import type { KubernetesObject } from '../../clusters/types';
import { matchesSelector } from '../../kubernetes/labelSelector';
import {
  matchChange,
  type MatchChange,
} from '../configuration/proxyVersionMatch';
import type { SidecarCheck } from '../types';
import { templateOf } from './freshWorkload';
import { injectionNow } from './injectionNow';
import { ENVOY_FILTERS } from '../resources';
import { restartCheck } from './restartCheck';
import { workloadName } from './workloadName';

export type EnvoyFilter = KubernetesObject & {
  spec?: {
    workloadSelector?: { labels?: Record<string, string> };
    configPatches?: {
      match?: { context?: string; proxy?: { proxyVersion?: string } };
    }[];
  };
};

const WORDS: Record<MatchChange, string | undefined> = {
  starts: 'starts to apply',
  stops: 'stops to apply',
  same: undefined,
  unreadable:
    'has a version pattern that cannot be read, so nobody can say whether it applies',
};

/** Namespace whose filters reach the whole mesh, unless istiod says otherwise. */
const ROOT_NAMESPACE = 'istio-system';

/** An EnvoyFilter can name proxy versions, and so start or stop to apply with the restart, without a word. */
export function envoyFilterVersion(): SidecarCheck {
  return restartCheck({
    id: 'envoyfilter-version',
    title: 'EnvoyFilters by proxy version',
    worst: 'warning',
    async decide(context): Promise<Finding[]> {
      const { workload, object, list } = context;
      const { desiredVersion: next } = workload;
      const now = workload.versions.map(({ version }) => version);
      if (next === undefined || now.length === 0) {
        return [];
      }
      const { configuration } = await injectionNow(context);
      const labels = templateOf(object).metadata?.labels ?? {};
      const reach = [
        workload.namespace,
        configuration?.controlPlaneNamespace ?? ROOT_NAMESPACE,
      ];
      const filters = (await list<EnvoyFilter>(ENVOY_FILTERS)).filter(
        ({ metadata, spec }) =>
          reach.includes(metadata.namespace ?? '') &&
          matchesSelector(
            { matchLabels: spec?.workloadSelector?.labels },
            labels,
          ),
      );
      const changes = filters.flatMap(({ metadata, spec }) => {
        const patterns = new Set(
          (spec?.configPatches ?? []).flatMap(({ match }) =>
            match?.context === 'GATEWAY'
              ? []
              : match?.proxy?.proxyVersion ?? [],
          ),
        );
        return [...patterns].flatMap(pattern => {
          const change = WORDS[matchChange(pattern, now, next)];
          return change ? [{ metadata, pattern, change }] : [];
        });
      });
      const expected = `Filters that treat ${next} as the running versions`;
      return changes.length > 0
        ? changes.map(({ metadata: { namespace, name }, pattern, change }) =>
            warning({
              title: `EnvoyFilter ${namespace}/${name} ${change} with ${next}`,
              object: workloadName(workload),
              observed: `proxyVersion ${pattern}; running: ${now.join(', ')}`,
              expected,
              objects: [{ kind: 'EnvoyFilter', namespace, name }],
              remedy: `Change proxyVersion of the filter if it is to treat ${next} as before.`,
            }),
          )
        : [
            passed({
              title: 'No EnvoyFilter starts or stops to apply',
              object: workloadName(workload),
              observed: `${filters.length} EnvoyFilters reach it`,
              expected,
            }),
          ];
    },
  });
}
