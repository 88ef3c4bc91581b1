import type { ClusterFacts } from '../facts/ClusterFacts';
import type { InjectorWebhooksFact, TemplateFact } from '../facts/types';
import { concernsMesh } from './concernsMesh';
import { decideInjection } from './injection';

/** How many ask for a revision or tag. */
export interface RevisionUsage {
  namespaces: number;
  workloads: number;
}

/** Of a revision or tag that nothing asks for. */
export const NOBODY: RevisionUsage = { namespaces: 0, workloads: 0 };

/** A pod that asks for nothing by itself. */
const PLAIN: TemplateFact = { labels: {}, annotations: {}, hostNetwork: false };

/**
 * Counts namespaces and workloads by the webhook configuration that would
 * inject their new pods, so each counts where the API server would call.
 */
export function revisionUsage(
  facts: ClusterFacts,
): (configuration: InjectorWebhooksFact) => RevisionUsage {
  const webhooks = [...facts.mutatingwebhookconfigurations.values()];
  const usage = new Map<string, RevisionUsage>();
  const count = (
    what: keyof RevisionUsage,
    namespace: string,
    template: TemplateFact,
  ) => {
    const fact = facts.namespaces.get(`/${namespace}`);
    const verdict =
      fact && decideInjection({ namespace: fact, template, webhooks });
    if (verdict?.outcome === 'inject') {
      const former = usage.get(verdict.configuration) ?? NOBODY;
      usage.set(verdict.configuration, {
        ...former,
        [what]: former[what] + 1,
      });
    }
  };
  if (webhooks.length > 0) {
    for (const { name } of facts.namespaces.values()) {
      count('namespaces', name, PLAIN);
    }
    for (const workload of facts.workloads()) {
      if (concernsMesh(workload, facts)) {
        count('workloads', workload.namespace, workload.template);
      }
    }
  }
  return ({ name }) => usage.get(name) ?? NOBODY;
}

/** The configuration that namespaces with `istio-injection=enabled` are served by. */
export function defaultConfiguration(facts: ClusterFacts): string | undefined {
  const verdict = decideInjection({
    namespace: { name: '', labels: { 'istio-injection': 'enabled' } },
    template: PLAIN,
    webhooks: facts.mutatingwebhookconfigurations.values(),
  });
  return verdict.outcome === 'inject' ? verdict.configuration : undefined;
}
