import { proxyOf } from '../../../kubernetes/pods';
import { PODS, type Pod } from '../../../kubernetes/types';
import { isKubernetesError } from '../../engine/stepFailure';
import { injectedNamespace } from '../../kubernetes/injectedNamespace';
import { probePod } from '../probePod';
import type { Look } from '../LookActuator';
import { controlPlaneOf } from './parameters';

export const INJECTION_HEALTH_ACTION = 'injection-health';

/** Whether a new pod would get the proxy of the version; asked by a dry run. */
export const injectionHealth: Look = {
  action: INJECTION_HEALTH_ACTION,
  async look(client, step, { signal }) {
    const { revision, version } = controlPlaneOf(step);
    const selected = await injectedNamespace(client, revision, signal);
    const namespace = selected ?? 'default';
    let pod: Pod;
    try {
      pod = await client.create<Pod>(
        { ...PODS, namespace },
        probePod({ namespace, revision, labelled: selected === undefined }),
        { dryRun: true, fieldManager: 'mesh-upgrade', signal },
      );
    } catch (error) {
      if (isKubernetesError(error) && error.status === 403) {
        return {
          state: 'failed',
          message: `Whether injection works is not proven: ${error.message}. Allow this plugin to create pods (it only asks with dryRun) in namespace ${namespace}, or look at its admission policies`,
        };
      }
      throw error;
    }
    const proxy = proxyOf(pod);
    if (proxy?.version === version) {
      return {
        state: 'done',
        message: `The webhook gives a new pod in namespace ${namespace} the proxy ${proxy.image}`,
      };
    }
    return {
      state: 'moving',
      message: proxy
        ? `The webhook still gives a new pod ${proxy.image}, expected version ${version}; if it stays so, look at the tag in ConfigMap istio-sidecar-injector`
        : `The webhook gives a new pod in namespace ${namespace} no sidecar; if it stays so, look at the MutatingWebhookConfigurations and at istiod's log`,
    };
  },
};
