import { orUndefined } from '../../../clusters/notFound';
import type { KubernetesClient } from '../../../clusters/types';
import { versionOfImage } from '../../../inventory/rules/image';
import { firstProblem, livePodsOf } from '../../../kubernetes/pods';
import { rolloutOf } from '../../../kubernetes/rollout';
import { DEPLOYMENTS, type Deployment } from '../../../kubernetes/types';
import type { Look } from '../LookActuator';
import { lastedMs } from './patience';

export const GATEWAY_ROLLOUT_ACTION = 'gateway-rollout';

/** What the plan says about the gateways that istiod deploys in one cluster. */
export interface GatewayRolloutParameters extends Record<string, unknown> {
  version: string;
  /** Their Deployments. */
  gateways: { namespace: string; name: string }[];
}

/** istiod renders them anew within seconds, unless something pins their proxy. */
const PATIENCE_MS = 60_000;

interface Gateway {
  where: string;
  version?: string;
  complete: boolean;
  problem?: string;
}

/** Follows istiod as it gives the gateways that it deploys their new proxy. */
export const gatewayRollout: Look = {
  action: GATEWAY_ROLLOUT_ACTION,
  async look(client, step, { signal, now }) {
    const { version, gateways } = step.parameters as GatewayRolloutParameters;
    const found = (
      await Promise.all(
        gateways.map(each => observeGateway(client, each, signal)),
      )
    ).filter(each => each !== undefined);
    const there = found.filter(each => each.version === version);
    const done = there.filter(({ complete }) => complete).length;
    const progress = { done, total: found.length };
    const since =
      step.detail?.done === done ? step.detail.since : now.toISOString();
    const detail = { done, since };
    const told = `${done} of ${found.length} gateways run ${version}`;
    if (done === found.length) {
      return { state: 'done', message: told, progress, detail };
    }
    const behind = found.filter(each => each.version !== version);
    const rolling = there.find(({ complete }) => !complete);
    if (rolling || lastedMs(since, now) < PATIENCE_MS) {
      const problem = found.find(each => each.problem)?.problem;
      return {
        state: 'moving',
        message: problem ? `${told}; ${problem}` : told,
        problem,
        progress,
        detail,
      };
    }
    const names = behind.map(
      each => `${each.where} (${each.version ?? 'unknown'})`,
    );
    return {
      state: 'unproven',
      message: `${told}. istiod has not changed ${names.join(
        ', ',
      )}; look whether an annotation or the infrastructure of the Gateway pins the proxy`,
      progress,
      detail,
    };
  },
};

async function observeGateway(
  client: KubernetesClient,
  { namespace, name }: { namespace: string; name: string },
  signal: AbortSignal,
): Promise<Gateway | undefined> {
  const deployment = await orUndefined(
    client.get<Deployment>({ ...DEPLOYMENTS, namespace, name }, { signal }),
  );
  if (!deployment) {
    return undefined;
  }
  const [proxy] = deployment.spec.template.spec?.containers ?? [];
  const { complete, failure } = rolloutOf(deployment);
  const problem = complete
    ? undefined
    : failure ?? firstProblem(await livePodsOf(client, deployment, { signal }));
  return {
    where: `${namespace}/${name}`,
    version: versionOfImage(proxy?.image),
    complete,
    problem,
  };
}
