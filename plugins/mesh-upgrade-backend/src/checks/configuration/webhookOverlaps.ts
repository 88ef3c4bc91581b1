import type { CheckedObject } from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { MutatingWebhook } from 'kubernetes-types/admissionregistration/v1';
import type { KubernetesObject } from '../../clusters/types';
import {
  matchesSelector,
  type LabelSelector,
} from '../../kubernetes/labelSelector';
import { checkedObject } from './objects';
import type { MutatingWebhookConfiguration } from './resources';

type Labels = Record<string, string>;

/** One webhook of a configuration. */
export interface Injector {
  configuration: string;
  webhook: string;
}

/** Two webhooks that would both be called for one pod. */
export interface WebhookOverlap {
  injectors: [Injector, Injector];
  /** The plainest namespace and pod for which that happens. */
  namespaceLabels: Labels;
  podLabels: Labels;
}

const REVISION = 'istio.io/rev';
const NAMESPACE_LABELS: Labels[] = [
  {},
  { 'istio-injection': 'enabled' },
  { 'istio-injection': 'disabled' },
];
const POD_LABELS: Labels[] = [
  {},
  { 'sidecar.istio.io/inject': 'true' },
  { 'sidecar.istio.io/inject': 'false' },
];

/**
 * Injectors of which two are called for one pod, for all labels that choose an
 * injector, whether or not somebody uses them; `istioctl analyze` and
 * `istioctl tag` look for the same.
 *
 * @see https://github.com/istio/istio/blob/release-1.31/pkg/config/analysis/analyzers/webhook/webhook.go
 */
export function webhookOverlaps(
  configurations: MutatingWebhookConfiguration[],
): WebhookOverlap[] {
  const injectors = injectorsOf(configurations);
  const revisions = [...new Set(configurations.flatMap(revisionsOf))].sort();
  const overlaps = new Map<string, WebhookOverlap>();
  for (const namespaceLabels of withRevisions(NAMESPACE_LABELS, revisions)) {
    for (const podLabels of withRevisions(POD_LABELS, revisions)) {
      const called = injectors.filter(each =>
        isCalled(each, namespaceLabels, podLabels),
      );
      for (const [one, other] of pairs(called)) {
        const key = JSON.stringify([one.injector, other.injector]);
        if (!overlaps.has(key)) {
          overlaps.set(key, {
            injectors: [one.injector, other.injector],
            namespaceLabels,
            podLabels,
          });
        }
      }
    }
  }
  return [...overlaps.values()];
}

/** Names of the configurations that have an injector called for a pod with these labels, sorted. */
export function callingConfigurations(
  configurations: MutatingWebhookConfiguration[],
  namespaceLabels: Labels,
  podLabels: Labels,
): string[] {
  const called = injectorsOf(configurations)
    .filter(each => isCalled(each, namespaceLabels, podLabels))
    .map(({ injector }) => injector.configuration);
  return [...new Set(called)].sort();
}

/** Those of the namespaces whose pods this configuration has an injector called for, even plain ones. */
export function selectedNamespaces(
  configuration: MutatingWebhookConfiguration,
  namespaces: KubernetesObject[],
): CheckedObject[] {
  return namespaces
    .filter(
      ({ metadata }) =>
        callingConfigurations([configuration], metadata.labels ?? {}, {})
          .length > 0,
    )
    .map(namespace => checkedObject('Namespace', namespace));
}

/** Whether a configuration has anything to do with Istio. */
export function isOfIstio(
  configuration: MutatingWebhookConfiguration,
): boolean {
  return (
    revisionsOf(configuration).length > 0 ||
    (configuration.webhooks ?? []).some(({ name }) => name.endsWith('istio.io'))
  );
}

interface Called {
  injector: Injector;
  webhook: MutatingWebhook;
}

function injectorsOf(configurations: MutatingWebhookConfiguration[]): Called[] {
  return configurations
    .filter(isOfIstio)
    .flatMap(({ metadata, webhooks = [] }) =>
      webhooks.map(webhook => ({
        injector: { configuration: metadata.name, webhook: webhook.name },
        webhook,
      })),
    );
}

/** Revisions and tags that a configuration knows by its label or asks for. */
function revisionsOf({
  metadata,
  webhooks = [],
}: MutatingWebhookConfiguration): string[] {
  const label = metadata.labels?.[REVISION];
  return [
    ...(label === undefined ? [] : [label]),
    ...webhooks
      .flatMap(({ namespaceSelector, objectSelector }) => [
        namespaceSelector,
        objectSelector,
      ])
      .flatMap(selector => [
        ...Object.entries(selector?.matchLabels ?? {})
          .filter(([key]) => key === REVISION)
          .map(([, value]) => value),
        ...(selector?.matchExpressions ?? [])
          .filter(({ key }) => key === REVISION)
          .flatMap(({ values = [] }) => values),
      ]),
  ];
}

function withRevisions(base: Labels[], revisions: string[]): Labels[] {
  return [
    ...base,
    ...revisions.flatMap(revision =>
      base.map(labels => ({ ...labels, [REVISION]: revision })),
    ),
  ];
}

function isCalled(
  { webhook: { namespaceSelector, objectSelector } }: Called,
  namespaceLabels: Labels,
  podLabels: Labels,
): boolean {
  return (
    matches(namespaceSelector, namespaceLabels) &&
    matches(objectSelector, podLabels)
  );
}

/** The API server takes an absent selector for one that matches everything. */
function matches(selector: LabelSelector | undefined, labels: Labels): boolean {
  return matchesSelector(selector ?? {}, labels);
}

function pairs<T>(items: T[]): [T, T][] {
  return items.flatMap((one, index) =>
    items.slice(index + 1).map((other): [T, T] => [one, other]),
  );
}
