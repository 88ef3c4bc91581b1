import type {
  ControlPlaneView,
  MeshComponentView,
} from '@mesh-upgrade/backstage-plugin-mesh-upgrade-common';
import type { KubernetesClient } from '../../clusters/types';
import { CONNECTED_PROXIES_ACTION } from '../actuators/health/connectedProxies';
import { DATA_PLANE_OUTLOOK_ACTION } from '../actuators/health/dataPlaneOutlook';
import {
  GATEWAY_ROLLOUT_ACTION,
  type GatewayRolloutParameters,
} from '../actuators/health/gatewayRollout';
import { INJECTION_HEALTH_ACTION } from '../actuators/health/injectionHealth';
import { CONTROL_PLANE_HEALTH_ACTION } from '../actuators/health/istiodHealth';
import type { ControlPlaneHealthParameters } from '../actuators/health/parameters';
import { PROXY_HEALTH_ACTION } from '../actuators/health/proxyHealth';
import { VALIDATION_HEALTH_ACTION } from '../actuators/health/validationHealth';
import {
  WEBHOOK_HEALTH_ACTION,
  type WebhookHealthParameters,
} from '../actuators/health/webhookHealth';
import type { PlannedStep } from '../drivers/types';

/** What is counted of a control plane before anything changes; nothing where its metrics may not be read. */
export async function planBaseline(
  client: KubernetesClient,
  controlPlane: ControlPlaneView,
  options: { version: string; signal: AbortSignal },
): Promise<PlannedStep[]> {
  const { cluster, namespace, name } = controlPlane;
  const { allowed } = await client.accessReview(
    {
      verb: 'get',
      group: '',
      resource: 'pods',
      subresource: 'proxy',
      namespace,
    },
    { signal: options.signal },
  );
  return allowed
    ? [
        {
          phase: 'upgrade',
          title: `${name}: connected proxies before`,
          cluster,
          action: CONNECTED_PROXIES_ACTION,
          parameters: parametersOf(controlPlane, options.version),
        },
      ]
    : [];
}

/** Follows the gateways of a cluster that istiod itself deploys: it changes them, the run only looks. */
export function planGateways(
  components: MeshComponentView[],
  options: { cluster: string; revisions: string[]; version: string },
): PlannedStep[] {
  const { cluster, revisions, version } = options;
  const gateways = components
    .filter(
      each =>
        each.cluster === cluster &&
        each.gateway?.origin === 'gatewayApi' &&
        each.revision !== undefined &&
        revisions.includes(each.revision),
    )
    .map(({ namespace, name }) => ({ namespace, name }));
  const parameters: GatewayRolloutParameters = { version, gateways };
  return gateways.length > 0
    ? [
        {
          phase: 'upgrade',
          title: 'Gateways that istiod deploys',
          cluster,
          action: GATEWAY_ROLLOUT_ACTION,
          parameters,
        },
      ]
    : [];
}

/** What proves the upgrade of the control planes of one cluster. */
export function planHealth(
  controlPlanes: ControlPlaneView[],
  version: string,
): PlannedStep[] {
  const [first] = controlPlanes;
  if (!first) {
    return [];
  }
  const { cluster } = first;
  const webhooks: WebhookHealthParameters = {
    revisions: controlPlanes.map(({ revision }) => revision),
  };
  return [
    ...controlPlanes.flatMap(each => proofsOf(each, version)),
    {
      phase: 'healthCheck',
      title: 'Validators and revision tags',
      cluster,
      action: WEBHOOK_HEALTH_ACTION,
      parameters: webhooks,
    },
    {
      phase: 'healthCheck',
      title: 'Sidecars and gateways',
      cluster,
      action: DATA_PLANE_OUTLOOK_ACTION,
      parameters: {},
    },
  ];
}

function proofsOf(
  controlPlane: ControlPlaneView,
  version: string,
): PlannedStep[] {
  const { cluster, name } = controlPlane;
  const proofs: [action: string, title: string][] = [
    [CONTROL_PLANE_HEALTH_ACTION, name],
    [INJECTION_HEALTH_ACTION, `${name}: injection`],
    [VALIDATION_HEALTH_ACTION, `${name}: validation`],
    [PROXY_HEALTH_ACTION, `${name}: proxies`],
  ];
  return proofs.map(([action, title]) => ({
    phase: 'healthCheck',
    title,
    cluster,
    action,
    parameters: parametersOf(controlPlane, version),
  }));
}

function parametersOf(
  { namespace, name, revision }: ControlPlaneView,
  version: string,
): ControlPlaneHealthParameters {
  return { namespace, deployment: name, revision, version };
}
