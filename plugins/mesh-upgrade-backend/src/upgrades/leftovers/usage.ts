import type { MutatingWebhookConfiguration } from '../../checks/configuration/resources';
import { callingConfigurations } from '../../checks/configuration/webhookOverlaps';
import { nameAll } from '../../checks/configuration/objects';
import type { CheckedObject } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import { whyUnserved } from './revisions';
import type { ClusterWorld, ProxyPod } from './types';

/**
 * Namespaces and workloads whose new pods only these injectors would serve.
 * Whom another injector with an istiod behind it serves as well does not need
 * them.
 */
export function askingFor(
  configurations: MutatingWebhookConfiguration[],
  world: ClusterWorld,
): CheckedObject[] {
  const names = new Set(configurations.map(({ metadata }) => metadata.name));
  const others = world.mutating.filter(
    each => !names.has(each.metadata.name) && !isDead(each, world),
  );
  const needs = (
    namespace: Record<string, string>,
    pod: Record<string, string>,
  ) =>
    callingConfigurations(configurations, namespace, pod).length > 0 &&
    callingConfigurations(others, namespace, pod).length === 0;
  const namespaces = world.namespaces.filter(({ metadata }) =>
    needs(metadata.labels ?? {}, {}),
  );
  const counted = new Set(namespaces.map(({ metadata }) => metadata.name));
  const labelsOf = new Map(
    world.namespaces.map(({ metadata }) => [
      metadata.name,
      metadata.labels ?? {},
    ]),
  );
  return [
    ...namespaces.map(({ metadata }) => ({
      kind: 'Namespace',
      name: metadata.name,
    })),
    ...world.workloads
      .filter(({ namespace }) => !counted.has(namespace))
      .filter(({ namespace, labels }) =>
        needs(labelsOf.get(namespace) ?? {}, labels),
      )
      .map(({ kind, namespace, name }) => ({ kind, namespace, name })),
  ];
}

/** Live pods with a proxy of a revision; who does not tell its revision may be of any. */
export function proxiesOf(
  revision: string,
  { proxies }: ClusterWorld,
): ProxyPod[] {
  return proxies.filter(
    pod => pod.revision === undefined || pod.revision === revision,
  );
}

/** In words, for people who are to move or restart them. */
export function describeUsers(
  asking: CheckedObject[],
  proxies: ProxyPod[] = [],
): string[] {
  const pods = proxies.map(pod => ({ kind: 'Pod', ...pod }));
  return [
    ...(asking.length > 0 ? [`${nameAll(asking)} by its labels`] : []),
    ...(pods.length > 0
      ? [`${pods.length} live proxies: ${nameAll(pods)}`]
      : []),
  ];
}

/** Nothing answers any of its webhooks. */
export function isDead(
  { webhooks = [] }: MutatingWebhookConfiguration,
  world: ClusterWorld,
): boolean {
  return (
    webhooks.length > 0 &&
    webhooks.every(
      ({ clientConfig: { service } }) =>
        service !== undefined && whyUnserved(service, world) !== undefined,
    )
  );
}
