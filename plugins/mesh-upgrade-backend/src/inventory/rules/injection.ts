import { matchesSelector } from '../../kubernetes/labelSelector';
import type {
  InjectorWebhooksFact,
  NamespaceFact,
  TemplateFact,
} from '../facts/types';

/** What the injector would do with a new pod. */
export type InjectionVerdict =
  | {
      outcome: 'inject';
      revision: string;
      /** Namespace of the istiod that would inject, when it is in the cluster. */
      controlPlaneNamespace?: string;
      /** Name of the webhook configuration that selects the pod. */
      configuration: string;
      reason: string;
    }
  | { outcome: 'none' | 'excluded'; reason: string };

const INJECT = 'sidecar.istio.io/inject';
const REVISION = 'istio.io/rev';
const NAMESPACE_INJECTION = 'istio-injection';

/** Namespaces the injector leaves alone whatever the labels say. */
const IGNORED_NAMESPACES = new Set([
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'local-path-storage',
]);

const YES = new Set(['true', 'y', 'yes', 'on']);

/**
 * Decides as the API server and istiod do together: a webhook has to select
 * both the namespace and the pod, and istiod may still decline.
 */
export function decideInjection(options: {
  namespace: NamespaceFact;
  template: TemplateFact;
  webhooks: Iterable<InjectorWebhooksFact>;
}): InjectionVerdict {
  const { namespace, template } = options;
  const refusal = refusalByAuthor(template);
  if (refusal) {
    return { outcome: 'excluded', reason: refusal };
  }
  const configuration = selectingConfiguration(options);
  if (!configuration) {
    return { outcome: 'none', reason: whyNothingSelects(namespace, template) };
  }
  if (template.hostNetwork) {
    return {
      outcome: 'excluded',
      reason: 'The pods use the host network; Istio never injects those',
    };
  }
  if (IGNORED_NAMESPACES.has(namespace.name)) {
    return {
      outcome: 'excluded',
      reason: `Istio never injects into namespace ${namespace.name}`,
    };
  }
  const { revision, controlPlaneNamespace } = configuration;
  return {
    outcome: 'inject',
    revision,
    controlPlaneNamespace,
    configuration: configuration.name,
    reason: whyInjected(namespace, template, configuration),
  };
}

/** The label decides before the older annotation. */
function refusalByAuthor({
  labels,
  annotations,
}: TemplateFact): string | undefined {
  const label = labels[INJECT];
  const value = label ?? annotations[INJECT];
  if (value === undefined || value === '' || YES.has(value.toLowerCase())) {
    return undefined;
  }
  return `The pod template's ${
    label === undefined ? 'annotation' : 'label'
  } is ${INJECT}=${value}`;
}

/** Of several configurations the first by name is called first; the others then find the pod injected. */
function selectingConfiguration({
  namespace,
  template,
  webhooks,
}: {
  namespace: NamespaceFact;
  template: TemplateFact;
  webhooks: Iterable<InjectorWebhooksFact>;
}): InjectorWebhooksFact | undefined {
  return [...webhooks]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .find(configuration =>
      configuration.webhooks.some(
        ({ namespaceSelector, objectSelector }) =>
          matchesSelector(namespaceSelector, namespace.labels) &&
          matchesSelector(objectSelector, template.labels),
      ),
    );
}

function whyInjected(
  namespace: NamespaceFact,
  template: TemplateFact,
  { revision, tag }: InjectorWebhooksFact,
): string {
  const by =
    tag !== undefined && tag !== revision
      ? `tag ${tag}, which is revision ${revision}, injects`
      : `revision ${revision} injects`;
  if (namespace.labels[NAMESPACE_INJECTION] !== undefined) {
    return `Namespace ${namespace.name} is labelled ${NAMESPACE_INJECTION}=${namespace.labels[NAMESPACE_INJECTION]}: ${by}`;
  }
  if (namespace.labels[REVISION] !== undefined) {
    return `Namespace ${namespace.name} is labelled ${REVISION}=${namespace.labels[REVISION]}: ${by}`;
  }
  if (template.labels[REVISION] !== undefined) {
    return `The pod template is labelled ${REVISION}=${template.labels[REVISION]}: ${by}`;
  }
  if (template.labels[INJECT] !== undefined) {
    return `The pod template is labelled ${INJECT}=${template.labels[INJECT]}: ${by}`;
  }
  return `Injection is on for every namespace: ${by}`;
}

function whyNothingSelects(
  namespace: NamespaceFact,
  template: TemplateFact,
): string {
  const injection = namespace.labels[NAMESPACE_INJECTION];
  if (injection === 'enabled') {
    return `Namespace ${namespace.name} is labelled ${NAMESPACE_INJECTION}=enabled, but no control plane of the cluster serves the default revision`;
  }
  if (injection !== undefined) {
    return `Namespace ${namespace.name} is labelled ${NAMESPACE_INJECTION}=${injection}`;
  }
  const revision = namespace.labels[REVISION] ?? template.labels[REVISION];
  if (revision !== undefined) {
    return `${REVISION}=${revision} is asked for, but no control plane of the cluster serves that revision or tag`;
  }
  return `Neither namespace ${namespace.name} nor the pod template asks for injection`;
}
