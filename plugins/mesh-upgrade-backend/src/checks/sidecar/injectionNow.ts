import type { MutatingWebhook } from 'kubernetes-types/admissionregistration/v1';
import { projectInjectorWebhooks } from '../../inventory/facts/projectInjectorWebhooks';
import { projectNamespace } from '../../inventory/facts/projectNamespace';
import { projectTemplate } from '../../inventory/facts/projectWorkload';
import type {
  InjectorWebhooksFact,
  NamespaceFact,
  TemplateFact,
} from '../../inventory/facts/types';
import {
  decideInjection,
  type InjectionVerdict,
} from '../../inventory/rules/injection';
import type { MutatingWebhookConfiguration } from '../configuration/resources';
import { templateOf } from './freshWorkload';
import { MUTATING_WEBHOOKS, NAMESPACES } from '../resources';
import type { RestartCheckContext } from './restartCheck';

/** Who would inject a new pod, by the labels and webhooks as they are now. */
export interface InjectionNow {
  namespace: NamespaceFact;
  template: TemplateFact;
  verdict: InjectionVerdict;
  /** The configuration that selects the pod, and its webhooks that inject. */
  configuration?: InjectorWebhooksFact & { injectors: MutatingWebhook[] };
}

export async function injectionNow({
  workload,
  object,
  list,
}: RestartCheckContext): Promise<InjectionNow> {
  const [namespaces, configurations] = await Promise.all([
    list(NAMESPACES),
    list<MutatingWebhookConfiguration>(MUTATING_WEBHOOKS),
  ]);
  const found = namespaces.find(
    ({ metadata }) => metadata.name === workload.namespace,
  );
  if (!found) {
    throw new Error(`Namespace ${workload.namespace} does not exist any more`);
  }
  const namespace = projectNamespace(found);
  const template = projectTemplate(
    templateOf(object) as Parameters<typeof projectTemplate>[0],
  );
  const webhooks = configurations.flatMap(
    each => projectInjectorWebhooks(each) ?? [],
  );
  const verdict = decideInjection({ namespace, template, webhooks });
  const name = verdict.outcome === 'inject' ? verdict.configuration : undefined;
  const configuration = webhooks.find(each => each.name === name);
  return {
    namespace,
    template,
    verdict,
    configuration: configuration && {
      ...configuration,
      injectors:
        configurations
          .find(({ metadata }) => metadata.name === name)
          ?.webhooks?.filter(each =>
            configuration.webhooks.some(own => own.name === each.name),
          ) ?? [],
    },
  };
}
